import { apply, type Expr, evaluate, grad, sum, type Value, variable } from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import { describe, expect, it } from "vitest";
import { leafOps, rules } from "../../../packages/interop/src/torch/rules.ts";
import { controlSamples } from "../../support/controlSamples.ts";
import { bindingsOf, elementsOf, inInterval } from "../../support/points.ts";
import { describeWith } from "../../support/requireTool.ts";
import { samples } from "../../support/samples.ts";
import { type Case, runPrograms } from "./runPrograms.ts";

describe("the table of ops", () => {
  it("has every op of core, and no other", () => {
    const known = [...Object.keys(rules), ...leafOps].sort();
    expect(known).toEqual(allOps.map(({ name }) => name).sort());
  });
});

/** Where PyTorch's own derivative is another, and none would be better served by ours. */
const others: ReadonlySet<string> = new Set([
  // It squares, which underflows: 0 here, 5e199 is right.
  "atan2(1e-200, 1e-200) {}",
  // By the divisor 0: NaN here, 0 there.
  "mod(5, 0) {}",
]);

/** An op at one point, all its floating arguments variables. */
interface Point {
  readonly what: string;
  readonly test: Case;
  /** Which partials must agree. */
  readonly wanted: readonly number[];
}

/** Elementwise ops at their tables of kinks and edges, and at ordinary points of their domains. */
function points(): readonly Point[] {
  return allOps.flatMap((op) => {
    const { elementwise, domain, examples = [] } = op;
    if (elementwise === undefined || domain === undefined) return [];
    const names = domain.map((_, i) => variable(`v${i}`, [], "f64"));
    const wanted = elementwise.partials.flatMap((partial, i) => (partial === null ? [] : [i]));
    const ordinary = Array.from({ length: 4 }, (_, cell) => ({
      at: domain.map((one, slot) => inInterval(one, cell, slot)),
      attributes: {},
    }));
    return [...ordinary, ...examples].map((example) => {
      const output = apply(op, names, example.attributes ?? {});
      const inputs = names.map((node, i) => [node, example.at[i] as number] as const);
      const backward = output.dtype === "f64";
      return {
        what: `${op.name}(${example.at.join(", ")}) ${JSON.stringify(example.attributes ?? {})}`,
        test: { output, inputs, backward },
        wanted: backward ? wanted : [],
      };
    });
  });
}

/** Tensor ops and loops, as their laws are tested on. */
function wholes(): readonly { readonly what: string; readonly test: Case }[] {
  const all = [...Object.entries(samples), ...Object.entries(controlSamples)];
  return all.flatMap(([name, makes]) =>
    makes.map((make, i) => {
      const output = make();
      const inputs = [...bindingsOf([output], 7 + i)];
      return { what: `${name} ${i}`, test: { output, inputs, backward: output.dtype === "f64" } };
    }),
  );
}

const scalars = points();
const tensors = wholes();

describeWith("torch", "ops in PyTorch", () => {
  const ran = runPrograms([...scalars, ...tensors].map(({ test }) => test));

  it.each(scalars.map((point, i) => [point.what, point, i] as const))("%s", (_what, point, i) => {
    const result = ran[i];
    expect(result?.error).toBeUndefined();
    const bound = new Map<Expr, Value>(point.test.inputs);
    close([result?.value ?? []].flat(), [evaluate(point.test.output, bound) as number]);
    const undefinedThere = point.test.inputs.some(([, at]) => Number.isNaN(at));
    for (const k of undefinedThere || others.has(point.what) ? [] : point.wanted) {
      const wrt = point.test.inputs[k]?.[0] as Expr;
      const own = evaluate(grad(point.test.output, wrt), bound) as number;
      close([result?.gradients[k] ?? []].flat(), [own]);
    }
  });

  it.each(tensors.map((whole, i) => [whole.what, whole, i] as const))("%s", (_what, whole, i) => {
    const result = ran[scalars.length + i];
    expect(result?.error).toBeUndefined();
    const { output, inputs, backward } = whole.test;
    const bound = new Map<Expr, Value>(inputs);
    close(result?.value ?? [], elementsOf(evaluate(output, bound)));
    if (!backward) return;
    const wrt = inputs.map(([node]) => node);
    const own = evaluate(grad(sum(output), wrt), bound) as readonly Value[];
    for (const [k, value] of own.entries()) close(result?.gradients[k] ?? [], elementsOf(value));
  });
});

function close(given: readonly number[], wanted: readonly number[]): void {
  expect(given).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) {
    const one = given[i] as number;
    const near = Math.abs(one - value) <= 1e-11 * Math.max(1, Math.abs(value));
    if (!near && !Object.is(one + 0, value + 0)) expect(one).toBe(value);
  }
}
