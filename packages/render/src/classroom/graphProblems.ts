import type { Draws } from "./draws.ts";
import { type Levels, type Problem, times } from "./exercise.ts";

/** Computational graphs of several variables. */
export const graphProblems: Levels = {
  1: tree,
  2: square,
  3: sharedNode,
  4: fourPaths,
  5: drawnGraph,
};

const NAMES = ["a", "b", "c"] as const;

/** a, b and c, none of them 0. */
function abc(draws: Draws, most: number): Record<string, number> {
  return Object.fromEntries(NAMES.map((name) => [name, draws.signed(most)]));
}

function problem(
  lines: readonly string[],
  values: Readonly<Record<string, number>>,
  forward: readonly string[],
): Problem {
  return { text: lines.join("\n"), values, forward, by: NAMES };
}

function tree(draws: Draws): Problem {
  const k = draws.whole(2, 5);
  const sign = draws.pick(["+", "-"]);
  return problem([`d = ${k}b`, `e = a ${sign} d`, "L = c e"], abc(draws, 5), ["d", "e", "L"]);
}

function square(draws: Draws): Problem {
  const k = draws.signed(4);
  const term = k < 0 ? `- ${times(-k, "c")}` : `+ ${times(k, "c")}`;
  return problem(["d = a b", `e = d ${term}`, "L = e^2"], abc(draws, 3), ["d", "e", "L"]);
}

function sharedNode(draws: Draws): Problem {
  const k = draws.whole(2, 4);
  const sign = draws.pick(["+", "-"]);
  return problem([`d = a + ${k}b`, "e = c d", "f = d^2", `L = e ${sign} f`], abc(draws, 3), [
    "d",
    "L",
  ]);
}

function fourPaths(draws: Draws): Problem {
  const k = draws.whole(2, 4);
  const sign = draws.pick(["+", "-"]);
  return problem(
    ["d = a b", `e = a ${sign} ${k}c`, "f = d e", "g = d - e", "L = f g"],
    abc(draws, 2),
    ["d", "e", "L"],
  );
}

const STEPS = ["d", "e", "f", "g", "L"] as const;

/** Each step takes the one before it and another, so that every step leads to the output. */
function drawnGraph(draws: Draws): Problem {
  const lines: string[] = [];
  const known: string[] = ["a", "b", "c"];
  const unused = new Set(known);
  STEPS.forEach((step, i) => {
    const before = i === 0 ? "a" : (STEPS[i - 1] as string);
    // Inputs come in first, so that all have been used in the end.
    const waiting = [...unused].filter((name) => name !== before);
    const others = waiting.length > 0 ? waiting : known.filter((name) => name !== before);
    const other = others[draws.whole(0, others.length - 1)] as string;
    const k = draws.whole(2, 3);
    const right = draws.pick([
      `${before} ${other}`,
      `${before} + ${k}${other}`,
      `${k}${before} - ${other}`,
      `${before}^2 + ${other}`,
    ]);
    lines.push(`${step} = ${right}`);
    unused.delete(before);
    unused.delete(other);
    known.push(step);
  });
  return problem(lines, abc(draws, 2), ["d", "e", "f", "g", "L"]);
}
