import { compile } from "@chainrule/compile";
import {
  assertGradients,
  type Bindable,
  type Expr,
  evaluate,
  grad,
  mul,
  sin,
  sum,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import { build, type Layer, type Model, Registry, random } from "@chainrule/nn";
import { expect } from "vitest";

/** What a layer is checked on. */
export interface LayerCase {
  readonly shape: readonly (number | string)[];
  readonly sizes?: Readonly<Record<string, number>>;
  readonly training?: boolean;
  readonly dtype?: "f64" | "i32";
  /** For indices: they lie below it. */
  readonly below?: number;
  readonly seed?: number;
  /** Element-wise spread of inputs; 1 unless given. */
  readonly spread?: number;
  /** Whether no two inputs are near each other, so that a maximum has no kink nearby. */
  readonly apart?: boolean;
}

/** A layer on an input, with values for everything it needs. */
export interface Made {
  readonly model: Model;
  readonly bindings: Map<Expr, Bindable>;
  readonly x: Expr;
  readonly value: () => Tensor;
}

/** Builds a layer and draws its input and parameters, biases too, so that no gradient is 0 by chance. */
export function makeLayer(recipe: Layer<never>, given: LayerCase): Made {
  const { shape, sizes = {}, training = false, dtype = "f64", below = 1, seed = 1 } = given;
  const generator = random(seed, "case");
  const registry = new Registry(seed);
  const x = variable("x", shape, dtype);
  const model = build(recipe as unknown as Layer, x, { registry, training });
  const fixed = shape.map((dim) => (typeof dim === "number" ? dim : (sizes[dim] as number)));
  const count = fixed.reduce((product, size) => product * size, 1);
  const spread = given.spread ?? 1;
  const floats = (): Float64Array => {
    if (given.apart !== true) {
      return Float64Array.from({ length: count }, () => spread * generator.normal());
    }
    return generator.shuffle(Float64Array.from({ length: count }, (_, i) => 0.1 * (i - count / 2)));
  };
  const input =
    dtype === "i32"
      ? new Tensor(
          fixed,
          Int32Array.from({ length: count }, () => generator.integer(below)),
        )
      : new Tensor(fixed, floats());
  const bindings = new Map<Expr, Bindable>([[x, input]]);
  for (const { node, path, shape: own } of model.kept.values()) {
    const size = own.reduce((product, one) => product * one, 1);
    const positive = /variance|scale/.test(path);
    const values = Float64Array.from({ length: size }, () =>
      positive ? 0.5 + generator.uniform() : 0.5 * generator.normal(),
    );
    bindings.set(node, own.length === 0 ? (values[0] as number) : new Tensor(own, values));
  }
  if (model.key !== undefined) bindings.set(model.key, Int32Array.of(seed, 7));
  return { model, bindings, x, value: () => evaluate(model.output, bindings) as Tensor };
}

/**
 * Holds the gradients of a layer, by its input and by every parameter, against differences, and the compiled value
 * and gradients against the interpreter's.
 */
export function checkLayer(recipe: Layer<never>, given: LayerCase): Made {
  const made = makeLayer(recipe, given);
  const { model, bindings, x } = made;
  const trained = [...model.kept.values()].filter(({ kind }) => kind === "parameter");
  const wrt = [...(x.dtype === "i32" ? [] : [x]), ...trained.map(({ node }) => node)];
  if (wrt.length > 0) {
    assertGradients(model.output, bindings, { wrt, modes: ["reverse"] });
  }
  const loss = sum(mul(model.output, sin(model.output)));
  const outputs: Record<string, Expr> = { y: model.output };
  for (const [i, gradient] of grad(loss, wrt).entries()) outputs[`g${i}`] = gradient;
  const names = new Map<Expr, string>([[x, "x"]]);
  for (const { node, path } of model.kept.values()) names.set(node, path);
  if (model.key !== undefined) names.set(model.key, "key");
  const inputs = Object.fromEntries([...names].map(([node, name]) => [name, node]));
  const values = Object.fromEntries(
    [...names].map(([node, name]) => [name, bindings.get(node) as Bindable]),
  );
  const compiled = compile({ inputs, outputs })(values);
  const expected = evaluate(outputs, bindings) as Record<string, Value>;
  for (const [name, value] of Object.entries(expected)) {
    expectNear(compiled[name] as Value, value, name);
  }
  return made;
}

function expectNear(got: Value, expected: Value, name: string): void {
  const [a, b] = [got, expected].map((value) =>
    typeof value === "number" ? [value] : Array.from(value.data),
  ) as [number[], number[]];
  expect(a.length, name).toBe(b.length);
  const size = b.reduce((most, item) => Math.max(most, Math.abs(item)), 1);
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs((a[i] as number) - (b[i] as number));
    expect(distance, `${name}[${i}]: ${a[i]} for ${b[i]}`).toBeLessThanOrEqual(1e-12 * size);
  }
}
