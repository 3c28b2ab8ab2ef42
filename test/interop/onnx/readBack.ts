import { type Expr, evaluate, Program, Tensor, type Value } from "@chainrule/core";
import { fromOnnx } from "@chainrule/interop/onnx";
import { exportProgram } from "../../../packages/interop/src/onnx/export/exportProgram.ts";
import { modelBytes } from "../../../packages/interop/src/onnx/model.ts";
import { asTensor } from "./tensors.ts";

/**
 * Expressions exported and imported again, evaluated by the interpreter, in order.
 *
 * The first is read with its named sizes as they are; all together at the sizes that the values have, since
 * derivatives by index go through one long axis, whose length has no name.
 */
export function readBack(
  outputs: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
): readonly Tensor[] {
  const sizes = sizesOf(values);
  const [first] = outputs as readonly [Expr];
  const [value] = through([first], values, {});
  const all = through(outputs, values, sizes);
  return [value as Tensor, ...all.slice(1)];
}

function through(
  outputs: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  sizes: Readonly<Record<string, number>>,
): readonly Tensor[] {
  const definitions = Object.fromEntries(outputs.map((node, i) => [`y${i}`, node]));
  const variables = Object.fromEntries([...values.keys()].map((node, i) => [`v${i}`, node]));
  const { model } = exportProgram(new Program({ variables, definitions }), {});
  const read = fromOnnx(modelBytes(model), { sizes });
  const given = new Map<Expr, Value>();
  for (const [i, value] of [...values.values()].entries()) {
    const input = read.inputs[`v${i}`];
    if (input !== undefined) given.set(input, value);
  }
  const wanted = outputs.map((_, i) => read.outputs[`y${i}`] as Expr);
  const results = evaluate(wanted, given) as readonly Value[];
  return results.map((result, i) => asTensor(result, (wanted[i] as Expr).dtype));
}

/** The lengths that named sizes have in values. */
function sizesOf(values: ReadonlyMap<Expr, Value>): Record<string, number> {
  const out: Record<string, number> = {};
  for (const [{ shape }, value] of values) {
    if (!(value instanceof Tensor)) continue;
    for (const [axis, dim] of shape.entries()) {
      if (typeof dim === "string") out[dim] = value.shape[axis] as number;
    }
  }
  return out;
}
