import type { Draws } from "./draws.ts";
import { type Levels, type Problem, plus, times } from "./exercise.ts";

/** Compositions of functions of one variable. */
export const chainProblems: Levels = {
  1: power,
  2: powerOfQuadratic,
  3: functionOfLinear,
  4: threeFunctions,
  5: twoPaths,
};

function problem(lines: readonly string[], x: number, forward: readonly string[]): Problem {
  return { text: lines.join("\n"), values: { x }, forward, by: ["x"] };
}

function power(draws: Draws): Problem {
  const [a, b, x] = [draws.signed(4), draws.signed(5), draws.signed(3)];
  const n = draws.pick([2, 3]);
  return problem([`u = ${times(a, "x")}${plus(b)}`, `y = u^${n}`], x, ["y"]);
}

function powerOfQuadratic(draws: Draws): Problem {
  const [a, b, c, x] = [draws.signed(2), draws.signed(3), draws.signed(4), draws.signed(2)];
  const k = draws.pick([2, 3, -2]);
  const n = draws.pick([2, 3]);
  const middle = b < 0 ? ` - ${times(-b, "x")}` : ` + ${times(b, "x")}`;
  return problem([`u = ${times(a, "x^2")}${middle}${plus(c)}`, `y = ${k}u^${n}`], x, ["y"]);
}

/** A function, and arguments at which it and its derivative are friendly. */
interface Friendly {
  readonly of: (u: string) => string;
  readonly at: readonly [number, ...number[]];
}

const friendly: readonly [Friendly, ...Friendly[]] = [
  { of: (u) => `exp(${u})`, at: [0, 1, -1] },
  { of: (u) => `ln(${u})`, at: [1, 2, 4, 5] },
  { of: (u) => `sqrt(${u})`, at: [1, 4, 9, 16, 25] },
  { of: (u) => `sin(${u})`, at: [0] },
  { of: (u) => `1/${u}`, at: [1, 2, -2, 4, 5] },
];

function functionOfLinear(draws: Draws): Problem {
  const { of, at } = draws.pick(friendly);
  const [a, x, u] = [draws.signed(4), draws.signed(3), draws.pick(at)];
  return problem([`u = ${times(a, "x")}${plus(u - a * x)}`, `y = ${of("u")}`], x, ["y"]);
}

function threeFunctions(draws: Draws): Problem {
  const { of, at } = draws.pick(friendly);
  const [a, b, x, u] = [draws.signed(3), draws.signed(3), draws.signed(2), draws.pick(at)];
  const v = a * x + b;
  return problem(
    [`v = ${times(a, "x")}${plus(b)}`, `u = v^2${plus(u - v * v)}`, `y = ${of("u")}`],
    x,
    ["v", "u", "y"],
  );
}

function twoPaths(draws: Draws): Problem {
  const [a, b, c, x] = [draws.signed(3), draws.signed(3), draws.signed(3), draws.signed(2)];
  const w = draws.pick([1, 2, -2, 4, 5]);
  const combine = draws.pick(["v w", "v / w"]);
  const n = draws.pick([2, 3]);
  return problem(
    [
      `u = ${times(a, "x")}${plus(b)}`,
      `v = u^${n}`,
      `w = ${times(c, "x")}${plus(w - c * x)}`,
      `y = ${combine}`,
    ],
    x,
    ["v", "w", "y"],
  );
}
