import { compile } from "@chainrule/compile";
import {
  constant,
  type Expr,
  evaluate,
  grad,
  parameter,
  scalar,
  square,
  sub,
  sum,
  Tensor,
  type Value,
  variable,
} from "@chainrule/core";
import * as nn from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const makers: Readonly<Record<string, () => nn.Optimizer>> = {
  gradientDescent: () => nn.gradientDescent({ rate: 0.1 }),
  momentum: () => nn.momentum({ rate: 0.02 }),
  nesterov: () => nn.nesterov({ rate: 0.02 }),
  adagrad: () => nn.adagrad({ rate: 0.5 }),
  rmsprop: () => nn.rmsprop({ rate: 0.02, momentum: 0.5, centered: true }),
  adam: () => nn.adam({ rate: 0.1 }),
  adamw: () => nn.adamw({ rate: 0.1, weightDecay: 0 }),
  lion: () => nn.lion({ rate: nn.linearDecay(0.1, { steps: 300 }) }),
  accumulate: () => nn.accumulate(nn.adam({ rate: 0.2 }), 2),
};

/** A step on `‖θ − c‖²` as a program with state. */
function stepOf(optimizer: nn.Optimizer, dtype: "f64" | "f32" = "f64") {
  const theta = variable("theta", [3], dtype);
  const step = scalar("step");
  const loss = sum(square(sub(theta, constant([1, -2, 3], dtype))));
  const slots = Object.fromEntries(
    Object.entries(optimizer.slots(theta)).map(([name, { shape }]) => [
      name,
      variable(`slot ${name}`, shape ?? theta.shape, dtype),
    ]),
  );
  const update = optimizer.update({
    parameter: theta,
    gradient: grad(loss, [theta])[0],
    slots,
    step,
    rate: nn.rateAt(optimizer, step, dtype),
  });
  const updates = new Map<Expr, Expr>([
    [theta, update.next],
    [step, step.add(1)],
  ]);
  const inputs: Record<string, Expr> = { theta, step };
  const start: Record<string, Value> = {
    theta: new Tensor([3], dtype === "f64" ? new Float64Array(3) : new Float32Array(3)),
    step: 0,
  };
  for (const [name, slot] of Object.entries(slots)) {
    const initial = optimizer.slots(theta)[name]?.initial ?? 0;
    updates.set(slot, update.slots[name] as Expr);
    inputs[`slot ${name}`] = slot;
    start[`slot ${name}`] = new Tensor([3], (start["theta"] as Tensor).data.slice().fill(initial));
  }
  return { inputs, outputs: { loss }, updates, start };
}

describe("optimizers", () => {
  it.each(Object.keys(makers))("%s finds the minimum of a bowl, compiled as one step", (name) => {
    const { start, ...parts } = stepOf((makers[name] as () => nn.Optimizer)());
    const program = compile(parts);
    program.set(start);
    for (let k = 0; k < 300; k++) program();
    expect(program()["loss"]).toBeLessThan(1e-2);
  });

  it.each(Object.keys(makers))("%s is the same compiled and interpreted", (name) => {
    const { start, ...parts } = stepOf((makers[name] as () => nn.Optimizer)());
    const program = compile(parts);
    program.set(start);
    let values = start;
    for (let k = 0; k < 5; k++) {
      program();
      const next = evaluate([...parts.updates.values()], values);
      const states = Object.entries(parts.inputs);
      values = Object.fromEntries(
        [...parts.updates.keys()].map((state, i) => {
          const [key] = states.find(([, node]) => node === state) as [string, Expr];
          return [key, next[i] as Value];
        }),
      );
    }
    for (const [key, value] of Object.entries(values)) {
      const found = numbers(program.get(key));
      for (const [i, x] of numbers(value).entries()) expect(found[i]).toBeCloseTo(x, 12);
    }
  });

  it.each(Object.keys(makers))("%s keeps single precision", (name) => {
    const { updates } = stepOf((makers[name] as () => nn.Optimizer)(), "f32");
    for (const [state, next] of updates) {
      expect(next.dtype).toBe(state.dtype);
      expect(next.shape).toEqual(state.shape);
    }
  });

  it("gradient descent is the lecture's step", () => {
    // w₅ and ∂E/∂w₅ of the worked network; η = 0.6.
    const w = scalar("w");
    const parts = { parameter: w, gradient: constant(0.0802031243), slots: {}, step: constant(0) };
    const { next } = nn.gradientDescent({ rate: 0.6 }).update({ ...parts, rate: constant(0.6) });
    expect(evaluate(next, { w: 0.5 })).toBeCloseTo(0.4518781254, 9);
  });

  it("refuse settings out of range", () => {
    expect(() => nn.gradientDescent({ rate: 0 })).toThrow(
      "gradientDescent: rate must be a number > 0 or a schedule, got 0",
    );
    expect(() => nn.gradientDescent({} as nn.GradientDescentOptions)).toThrow("got undefined");
    expect(() => nn.momentum({ rate: 1, momentum: 1 })).toThrow(
      "momentum: momentum must be ≥ 0 and < 1, got 1",
    );
    expect(() => nn.adam({ beta2: 1 })).toThrow("adam: beta2 must be ≥ 0 and < 1, got 1");
    expect(() => nn.adamw({ weightDecay: -1 })).toThrow("adamw: weightDecay must be ≥ 0, got -1");
    expect(() => nn.rmsprop({ decay: 2 })).toThrow("rmsprop: decay must be ≥ 0 and < 1, got 2");
    expect(() => nn.adagrad({ epsilon: Number.NaN })).toThrow(
      "adagrad: epsilon must be ≥ 0, got NaN",
    );
    expect(() => nn.accumulate(nn.adam(), 0)).toThrow("batches must be a whole number ≥ 1, got 0");
  });

  it("says what it was made with", () => {
    expect(nn.adam({ beta1: 0.8 })).toMatchObject({
      name: "adam",
      rate: 0.001,
      settings: { beta1: 0.8, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    });
  });
});

describe("groups", () => {
  const rule = nn.groups(
    [
      { match: /\.bias$/g, optimizer: nn.momentum({ rate: 0.5 }) },
      { match: (path) => path.startsWith("head."), optimizer: nn.frozen },
    ],
    nn.gradientDescent({ rate: 0.1 }),
  );
  const moved = (path: string): number => {
    const theta = parameter(path);
    const slots = Object.fromEntries(
      Object.keys(rule.slots(theta)).map((name) => [name, constant(0)]),
    );
    const rate = nn.rateAt(rule, constant(0), "f64");
    const { next } = rule.update({
      parameter: theta,
      gradient: constant(1),
      slots,
      step: constant(0),
      rate,
    });
    return evaluate(next, new Map([[theta, 2]])) as number;
  };

  it("choose by path, each with its own rate and slots", () => {
    expect(Object.keys(rule.slots(parameter("a.bias")))).toEqual(["velocity"]);
    expect(rule.slots(parameter("a.weight"))).toEqual({});
    // Twice: a global pattern must not remember where it stopped.
    expect([moved("a.bias"), moved("a.bias")]).toEqual([1.5, 1.5]);
    expect(moved("a.weight")).toBe(1.9);
    expect(moved("head.weight")).toBe(2);
  });
});

describe("clipping", () => {
  const lists = fc.array(
    fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 4 }),
    { minLength: 1, maxLength: 3 },
  );
  const limits = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  const clipped = (transform: nn.GradientTransform, values: readonly (readonly number[])[]) =>
    evaluate(transform(values.map((list) => constant([...list])))).map(numbers);

  it("by norm scales all alike and never beyond the limit", () => {
    fc.assert(
      fc.property(lists, limits, (values, limit) => {
        const found = clipped(nn.clipByGlobalNorm(limit), values);
        const length = Math.hypot(...values.flat());
        const factor = Math.min(1, limit / (length + 1e-6));
        expect(Math.hypot(...found.flat())).toBeLessThanOrEqual(limit * (1 + 1e-12));
        for (const [i, x] of values.flat().entries()) {
          expect(found.flat()[i]).toBeCloseTo(x * factor, 9);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("by value keeps every element within the limits, after what came before", () => {
    fc.assert(
      fc.property(lists, limits, (values, limit) => {
        const found = clipped(nn.clipByValue(limit), values);
        expect(found).toEqual(
          values.map((list) => list.map((x) => Math.min(Math.max(x, -limit), limit))),
        );
      }),
      { numRuns: 50 },
    );
    const both = nn.chain(nn.clipByValue(1), nn.clipByGlobalNorm(1));
    for (const x of clipped(both, [[30, 40]]).flat()) expect(x).toBeCloseTo(Math.SQRT1_2, 5);
  });

  it("by norm bears gradients whose squares overflow single precision", () => {
    const huge = constant([3e30, 4e30], "f32");
    const [found] = evaluate(nn.clipByGlobalNorm(1)([huge]));
    const [a, b] = numbers(found as Value) as [number, number];
    expect(a).toBeCloseTo(0.6, 6);
    expect(b).toBeCloseTo(0.8, 6);
    expect(found).toMatchObject({ dtype: "f32" });
  });

  it("leaves zeros zeros, and nothing nothing", () => {
    expect(clipped(nn.clipByGlobalNorm(1), [[0, 0]])).toEqual([[0, 0]]);
    expect(nn.clipByGlobalNorm(1)([])).toEqual([]);
    expect(() => nn.clipByGlobalNorm(-1)).toThrow("clipByGlobalNorm: limit must be ≥ 0, got -1");
    expect(evaluate(nn.globalNorm([]))).toBe(0);
  });
});

function numbers(value: Value): number[] {
  return typeof value === "number" ? [value] : Array.from(value.data);
}
