import {
  add,
  cos,
  div,
  type Expr,
  evaluate,
  exp,
  grad,
  leavesOf,
  log,
  mul,
  neg,
  Program,
  pow,
  relu,
  scalar,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  tanh,
  variable,
} from "@chainrule/core";
import { derivation, derivationText } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const names = ["x", "y", "z"] as const;

type Rule = (a: Expr, b: Expr) => Expr;

/** Functions that stay within their domain wherever their arguments are. */
const rules: readonly Rule[] = [
  add,
  sub,
  mul,
  (a, b) => div(a, add(square(b), 1)),
  (a) => neg(a),
  (a) => sin(a),
  (a) => cos(a),
  (a) => tanh(a),
  (a) => sigmoid(a),
  (a) => exp(neg(square(a))),
  (a) => log(add(square(a), 2)),
  (a) => sqrt(add(square(a), 1)),
  (a) => pow(a, 3),
  (a) => relu(a),
];

interface Plan {
  readonly steps: readonly (readonly [number, number, number])[];
  readonly at: readonly number[];
  /** Which steps have names; the others are parts of their definitions. */
  readonly named: readonly boolean[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 }),
  at: fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 3 }),
  named: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

function build({ steps, named }: Plan): Program {
  const nodes: Expr[] = names.map((name) => scalar(name));
  for (const [rule, a, b] of steps) {
    const pick = (n: number): Expr =>
      nodes[nodes.length - 1 - (n % Math.min(4, nodes.length))] as Expr;
    nodes.push((rules[rule % rules.length] as Rule)(pick(a), pick(b)));
  }
  const output = nodes.at(-1) as Expr;
  const inner = nodes.slice(names.length, -1).filter((_, i) => named[i] === true);
  const labels = new Map(inner.map((node, i) => [node, `s${i + 1}`]));
  return new Program({ definitions: { y: output }, names: labels });
}

/** The last number printed for each derivative, read back from the plain text. */
function readBack(text: string): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  const derivatives = text.split("\n\n");
  let current: string | undefined;
  for (const part of derivatives) {
    const heading = /^(?:∂|d)[^/\n]+\/(?:∂|d)(\w+)\n-+$/.exec(part);
    if (heading !== null) current = heading[1];
    else if (current !== undefined) {
      const last = part.split("\n").at(-1) ?? "";
      const value = /[=≈] (-?[\d.]+(?:e-?\d+)?)(?: \[\d+\])?(?: {3}\(.*\))?$/.exec(last);
      if (value !== null) out.set(current, Number(value[1]));
    }
  }
  return out;
}

describe("a derivation and grad", () => {
  it("give the same numbers for 10,000 random graphs, read back from the text", () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(1 as const, 2 as const, 3 as const), (plan, detail) => {
        const program = build(plan);
        const output = program.result;
        const inputs = leavesOf([output]).filter((node) => node.op === variable.op);
        if (inputs.length === 0 || inputs.includes(output)) return;
        const values = Object.fromEntries(
          names.map((name, i) => [name, (plan.at[i] as number) / 8]),
        );
        const made = derivation(program, values, { detail, digits: 15 });
        const text = derivationText(made);
        const found = readBack(text);
        const expected = evaluate(grad(output, inputs), values) as unknown as readonly number[];
        inputs.forEach((input, i) => {
          const name = input.attributes["name"] as string;
          const value = found.get(name);
          expect(value, `${name} in\n${text}`).toBeDefined();
          const wanted = expected[i] as number;
          // 15 digits are printed of terms that may cancel.
          const tolerance = 1e-12 * Math.max(1, Math.abs(wanted));
          expect(Math.abs((value as number) - wanted)).toBeLessThanOrEqual(tolerance);
        });
      }),
      { numRuns: 10_000 },
    );
  }, 300_000);
});
