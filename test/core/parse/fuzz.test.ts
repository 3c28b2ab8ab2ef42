import { Expr, scalar } from "@chainrule/core";
import { ParseError, parse } from "@chainrule/core/parse";
import { describe, expect, test } from "vitest";

/** A linear congruential generator (Numerical Recipes, 7.1): the same texts in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What texts are made of, and what breaks readers. */
const pieces: readonly string[] = [
  ..."abcxyefL012359.,;:+-*/^%<>=?!()[]{}|'\"#_~&@$\\ \t\n\r",
  ..."αβπσθΣµ∂∇√∛∞·×÷−≤≥≠∧∨¬⊙ᵀ²³⁻¹ⁿ₀₁ᵢ½′″’\u0000\u00a0\u200b\u2028\ufeff\ud800é",
  ...[
    "𝐱",
    "😀",
    "x_{12}",
    "x_{",
    "w5'",
    "1e3",
    "2e",
    "1e999",
    ".5",
    "1.*",
    "0x1",
    "==",
    "!=",
    "<=",
  ],
  ...["and", "or", "not", "xor", "mod", "end", "true", "NaN", "Infinity", "pi", "tau", "__proto__"],
  ...["sin", "sin ", "sqrt(", "log(", "max(", "where(", "sum(", "reshape(", "stack(", "einsum("],
  ...[
    "f(x) = ",
    "f(",
    "f'(x)",
    "u(",
    "x: [2, 3];",
    "v: [n]",
    "a = 3;",
    "y = ",
    "d = 2b; ",
    "[1, 2; 3]",
  ],
  ...["x[1]", "x[end]", "x[:", "1:2", "(a + b)", "|x|", "||", "&&", "**", '"ij->ji"', "? 1 : 2"],
];

const good: readonly string[] = [
  "d = 2b; e = a + d; L = c e",
  "c(a + 2b)^2 / (1 + e^(-x))",
  "f(x, y) = x^2 + k y\nz = f(3a, f(1, 2))",
  "sin^2(x) + cos^2 x - sin 2x cos -x",
  "A: [2, 3]; B: [3]; y = A B; y' y + A[1, 2:end] B[2:3]",
  "a < b <= c ? x : not y and z xor w ? -2 : +3",
  "|x - |y|| + √2x - ∛(x)²",
  "[1, 2; 3, 4][1, 2] + sum([a, b])",
  "L(a, b, c) = c(a + 2b); a = 3; b = 1; c = -2",
  "x_{12} + sum_{h1}² w5' + u(v(x)) 5 % 3",
  'W: [batch, 3]; einsum("ij,kj->ik", W, W) + reshape(W, ["batch", 3, 1])',
  "softmax(relu(x, 0) [1, 2, 3]) .* logSumExp([a, b, c])",
];

function texts(count: number, seed: number): readonly string[] {
  const random = generator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = (list: readonly string[]): string => list[below(list.length)] as string;
  const mutate = (text: string): string => {
    const at = below(text.length + 1);
    const to = at + below(text.length - at + 1);
    switch (below(6)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + text.slice(to);
      case 2:
        return text.slice(0, at) + text.slice(at, to) + text.slice(at);
      default:
        return text.slice(0, at) + pick(pieces) + text.slice(at);
    }
  };
  return Array.from({ length: count }, () => {
    if (below(3) === 0) return Array.from({ length: 1 + below(14) }, () => pick(pieces)).join("");
    let text = below(4) === 0 ? `${pick(good)}; ${pick(good)}` : pick(good);
    for (let times = below(4); times >= 0; times--) text = mutate(text);
    return text;
  });
}

/** 100,000 texts in all; as parts, so that a failure names the smallest piece of work. */
const PARTS = 10;
const TEXTS = 10_000;
/** Microseconds of processor time, which a busy machine does not lengthen: one second. */
const PATIENCE = 1e6;

describe("whatever is typed is an expression or a ParseError, within a second", () => {
  test.each(Array.from({ length: PARTS }, (_, i) => i + 1))(
    "part %i",
    (seed) => {
      const options = { functions: ["u", "v"], variables: { k: scalar("k") } };
      let read = 0;
      for (const text of texts(TEXTS, seed)) {
        const start = process.cpuUsage();
        try {
          const { result } = parse(text, options);
          if (!(result instanceof Expr)) expect.fail(`no expression: ${JSON.stringify(text)}`);
          read++;
        } catch (error) {
          if (!(error instanceof ParseError)) {
            expect.fail(`${JSON.stringify(text)}: ${(error as Error).stack}`);
          }
        }
        const { user, system } = process.cpuUsage(start);
        if (user + system > PATIENCE) expect.fail(`slow: ${JSON.stringify(text)}`);
      }
      expect(read).toBeGreaterThan(TEXTS / 20);
      expect(read).toBeLessThan(TEXTS);
    },
    60_000,
  );
});
