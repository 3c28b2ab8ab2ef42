import {
  hostMath,
  hostMathModule,
  type MathFunction,
  ModuleBuilder,
  mathFunctions,
  mathLibrary,
} from "@chainrule/compile";
import { describe, expect, it } from "vitest";
import { evaluator } from "../../../packages/compile/scripts/evaluator.ts";
import { instantiate } from "../support/instantiate.ts";

const names = Object.keys(mathFunctions) as MathFunction[];
const evaluate = evaluator(names);

function modulo(x: number, y: number): number {
  if (y === 0) return x;
  const rest = x % y;
  return rest === 0 ? 0 : rest < 0 === y < 0 ? rest : rest + y;
}

const { MAX_VALUE, MIN_VALUE } = Number;
const special = [
  ...[0, 1, 2, 3, 0.5, MIN_VALUE, 1e-310, 2 ** -1022, 1e-160, 1e-20, 1e154, 1e300, MAX_VALUE],
  ...[1 + 2 ** -52, 1 - 2 ** -53, 22, 40, 709.782712893384, 709.7827128933841, Infinity],
  ...[710.4758600739439, 710.475860073944, 745.1332191019411, 745.1332191019412],
].flatMap((x) => [x, -x]);
const edges = [...special, Number.NaN];

type Host = (x: number, y: number) => number;

/** Functions that JavaScript lacks, from those it has. */
const composed: Partial<Record<MathFunction, Host>> = {
  mod: modulo,
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  logSigmoid: (x) => Math.min(x, -0) - Math.log1p(Math.exp(-Math.abs(x))),
};

function host(name: MathFunction): Host {
  const own = (Math as unknown as Record<string, Host | undefined>)[name];
  const found = composed[name] ?? own;
  if (found === undefined) throw new Error(`tests: JavaScript must have ${name}, got none`);
  return found;
}

/** Equal where special, else within 4 units in the last place: both sides may be 2 off. */
function agree(got: number, want: number): boolean {
  if (!Number.isFinite(want) || want === 0) return Object.is(got, want);
  return Math.abs(got - want) <= 4 * Math.max(Math.abs(want) * 2 ** -52, MIN_VALUE);
}

describe.each(names.filter((name) => name !== "erf"))("%s", (name) => {
  const seconds = mathFunctions[name].arity === 2 ? edges : [0];
  const points = Float64Array.from(edges.flatMap((x) => seconds.flatMap((y) => [x, y])));

  it.each(["f64", "f64x2"] as const)("treats special values as JavaScript does in %s", (lane) => {
    const values = evaluate(name, lane, points);
    const wrong: unknown[] = [];
    values.forEach((got, i) => {
      const [x = 0, y = 0] = points.subarray(2 * i, 2 * i + 2);
      const want = host(name)(x, y);
      if (!agree(got, want)) wrong.push({ x, y, got, want });
    });
    expect(wrong).toEqual([]);
  });
});

it("erf at its edges", () => {
  const points = [0, -0, Infinity, -Infinity, Number.NaN, MAX_VALUE, -MAX_VALUE, MIN_VALUE];
  const values = evaluate("erf", "f64x2", Float64Array.from(points.flatMap((x) => [x, 0])));
  expect([...values]).toEqual([0, -0, 1, -1, Number.NaN, 1, -1, MIN_VALUE]);
});

it("both tails of sigmoid keep their digits", () => {
  const [low, high] = evaluate("sigmoid", "f64", Float64Array.from([-740, 0, 50, 0]));
  expect(low).toBe(Math.exp(-740));
  expect(high).toBe(1);
});

describe("mathLibrary", () => {
  it("makes only what is needed, and that once", () => {
    const builder = new ModuleBuilder();
    const library = mathLibrary(builder, [
      { name: "exp", lane: "f64" },
      { name: "exp", lane: "f64" },
    ]);
    builder.export("exp", "function", library.index("exp", "f64"));
    expect(library.index("exp", "f64")).toBe(0);
    expect(instantiate(builder)["exp"]?.(0)).toBe(1);
    expect(() => library.index("log", "f64")).toThrow(
      "mathLibrary: log must be asked for in f64, got no such need",
    );
  });

  it("imports the host's functions where code does not reach", () => {
    const builder = new ModuleBuilder();
    const library = mathLibrary(builder, [{ name: "sin", lane: "f64" }]);
    builder.export("sin", "function", library.index("sin", "f64"));
    const { sin } = instantiate(builder, { [hostMathModule]: { ...hostMath } });
    expect(sin?.(1e22)).toBe(Math.sin(1e22));
    expect(sin?.(Infinity)).toBeNaN();
  });

  it("has a host for exactly the functions whose code does not hold everywhere", () => {
    expect(Object.keys(hostMath).sort()).toEqual(["cos", "pow", "sin", "tan"]);
  });
});
