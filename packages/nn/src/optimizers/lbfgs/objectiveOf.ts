import { compile } from "@chainrule/compile";
import {
  ArgumentError,
  type Bindable,
  type Expr,
  grad,
  isInput,
  leavesOf,
  nameOf,
  ShapeError,
  type Tensor,
} from "@chainrule/core";
import type { Objective } from "./lbfgs.ts";
import { type Packing, packing } from "./packing.ts";

/** A loss as a function of all its parameters in one list. */
export interface GraphObjective extends Packing {
  readonly objective: Objective;
}

/**
 * A loss and its gradient as one compiled program over all data at once, for `lbfgs`.
 *
 * `data` holds every other input of the loss. The lists that it returns are new at every call.
 * Throws ShapeError unless the loss is a scalar, ArgumentError for an input that has no value.
 */
export function objectiveOf(
  loss: Expr,
  parameters: readonly Expr[],
  data: ReadonlyMap<Expr, Bindable> = new Map(),
): GraphObjective {
  if (loss.shape.length > 0) {
    throw new ShapeError(`objectiveOf: the loss must be a scalar, got ${loss.toString()}`);
  }
  for (const input of leavesOf([loss]).filter(isInput)) {
    if (parameters.includes(input) || data.has(input)) continue;
    throw new ArgumentError(
      `objectiveOf: every input must be a parameter or have data, got none for ${nameOf(input)}`,
    );
  }
  const packed = packing(parameters);
  // Names of inputs need not differ, so they are numbered.
  const inputs: Record<string, Expr> = {};
  const values: Record<string, Bindable> = {};
  for (const [i, parameter] of parameters.entries()) inputs[`p${i}`] = parameter;
  for (const [i, [input, value]] of [...data].entries()) {
    inputs[`x${i}`] = input;
    values[`x${i}`] = value;
  }
  const outputs: Record<string, Expr> = { loss };
  for (const [i, part] of grad(loss, parameters).entries()) outputs[`g${i}`] = part;
  const program = compile({ inputs, outputs });
  program.set(values);
  const objective: Objective = (flat) => {
    const now: Record<string, Bindable> = {};
    for (const [i, tensor] of packed.unpack(flat).entries()) now[`p${i}`] = tensorOrNumber(tensor);
    const results = program(now);
    const gradient = parameters.map((_, i) => results[`g${i}`]);
    return {
      loss: results["loss"] as number,
      gradient: Float64Array.from(
        gradient.flatMap((part) => (typeof part === "number" ? [part] : [...(part?.data ?? [])])),
      ),
    };
  };
  return { ...packed, objective };
}

function tensorOrNumber(tensor: Tensor): Bindable {
  return tensor.shape.length === 0 ? (tensor.data[0] as number) : tensor;
}
