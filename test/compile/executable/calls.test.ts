import { type CompiledModule, compile, type Executable, instantiate } from "@chainrule/compile";
import {
  add,
  type Expr,
  matmul,
  mul,
  Program,
  sum,
  Tensor,
  tanh,
  type Value,
  variable,
} from "@chainrule/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { difference } from "../tensor/close.ts";

const x = variable("x", ["n", 2]);
const v = variable("v", ["m"], "f32");
const w = variable("w", [2, 3]);
const moved = variable("moved", ["m"], "f32");
const total = variable("total");
const y = tanh(matmul(x, w));

/** States of fixed and of named size, and results of two sizes. */
const program = new Program({
  definitions: { y, s: sum(mul(v, 2)) as Expr, next: add(moved, v) },
  variables: { x, v, w, moved, total },
  updates: new Map<Expr, Expr>([
    [w, add(mul(w, 0.5), matmul(x.transpose(), y))],
    [moved, add(moved, v)],
    [total, add(total, sum(x))],
  ]),
});

const element = fc.integer({ min: -8, max: 8 }).map((value) => value / 4);

/** A value of some form; some do not fit. */
const value = fc.oneof(
  element,
  fc.array(element, { maxLength: 6 }),
  fc.array(element, { maxLength: 9 }).map((list) => Float64Array.from(list)),
  fc.array(element, { maxLength: 6 }).map((list) => Float32Array.from(list)),
  fc
    .nat({ max: 4 })
    .chain((n) =>
      fc
        .array(element, { minLength: 2 * n, maxLength: 2 * n })
        .map((list) => new Tensor([n, 2], Float64Array.from(list))),
    ),
);

/** Floats of the same range, exact in both types. */
const span = { min: -2, max: 2, noNaN: true };

const fitting = fc.record(
  {
    x: fc
      .nat({ max: 5 })
      .chain((n) => fc.float64Array({ ...span, minLength: 2 * n, maxLength: 2 * n })),
    v: fc.float32Array({ ...span, maxLength: 4 }),
    moved: fc.float32Array({ ...span, maxLength: 4 }),
    w: fc.float64Array({ ...span, minLength: 6, maxLength: 6 }),
    total: element,
  },
  { requiredKeys: [] },
);

const names = ["x", "v", "w", "moved", "total", "y", "s", "next", "none"];
const anything = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 });
const values = fc.oneof({ weight: 3, arbitrary: fitting }, { weight: 1, arbitrary: anything });

const start = {
  x: [[0.5, 1]],
  v: [1, 2],
  moved: [0, 0.5],
  w: [
    [1, 0, -1],
    [0, 1, 0.5],
  ],
  total: 0,
};
const module = compile(program, { as: "tensors" }).module as CompiledModule;

/** Something done to an executable, and what comes of it. */
const action: fc.Arbitrary<(f: Executable) => unknown> = fc.oneof(
  values.map((given) => (f: Executable) => f(given)),
  values.map((given) => (f: Executable) => f.set(given)),
  values.map((given) => (f: Executable) => {
    const s = new Float32Array(1);
    f.into({ s }, given);
    return s[0];
  }),
  fc.constant((f: Executable) => f.run()),
  fc.constantFrom(...names).map((name) => (f: Executable) => f.get(name)),
  fc.constantFrom("w", "total").map((name) => (f: Executable) => {
    f.view(name).fill(0.5);
  }),
);

/** What an action gives, or the error's words. */
function outcome(act: (f: Executable) => unknown, f: Executable): unknown {
  try {
    return act(f);
  } catch (error) {
    return (error as Error).message;
  }
}

function agree(a: unknown, b: unknown): string | undefined {
  if (typeof a === "number" || a instanceof Tensor) return difference(a, b as Value, 1e-5);
  if (typeof a !== "object" || a === null) return a === b ? undefined : `${a} is not ${b}`;
  for (const [name, own] of Object.entries(a)) {
    const found = agree(own, (b as Record<string, Value>)[name]);
    if (found !== undefined) return `${name}: ${found}`;
  }
  return undefined;
}

it("any calls, right and wrong, do the same on both engines", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 12 }), (actions) => {
      const compiled = instantiate(module);
      const interpreted = compile(program, { engine: "interpreter" });
      compiled(start);
      interpreted(start);
      for (const act of actions) {
        const expected = outcome(act, interpreted);
        expect(agree(expected, outcome(act, compiled))).toBeUndefined();
      }
    }),
    { numRuns: 400 },
  );
});
