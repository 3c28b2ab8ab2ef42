import type { Expr, Lambda } from "../../expr.ts";
import type { ForwardContext, ReverseContext } from "../../op.ts";
import { argumentOf, typeOf } from "./lambda.ts";

/** Tangents of a body's outputs, and which of its inputs have one in the end. */
export interface BodyTangents {
  readonly found: readonly (Expr | undefined)[];
  readonly varies: readonly boolean[];
}

/**
 * Tangents of a body that runs again and again, on its inputs and, after them, their tangents.
 *
 * A carry whose next value varies, varies from the next step on: asked again until no other does.
 */
export function repeatedTangents(
  { inputs, outputs }: Lambda,
  carries: number,
  given: readonly boolean[],
  { pushforward }: ForwardContext,
): BodyTangents {
  const offered = [...inputs, ...inputs].map(argumentOf);
  const varies = [...given];
  for (;;) {
    const wrt = varies.flatMap((yes, i) => (yes ? [i] : []));
    const found = pushforward(
      outputs,
      wrt.map((i) => offered[i] as Expr),
      wrt.map((i) => offered[inputs.length + i] as Expr),
    );
    const fresh = found.flatMap((tangent, i) =>
      i < carries && tangent !== undefined && varies[i] !== true ? [i] : [],
    );
    if (fresh.length === 0) return { found, varies };
    for (const i of fresh) varies[i] = true;
  }
}

/** Adjoints of a body's inputs where they are wanted, on its inputs and, after them, the outputs' adjoints. */
export function bodyAdjoints(
  { inputs, outputs }: Lambda,
  adjoints: readonly (Expr | undefined)[],
  wanted: readonly boolean[],
  { pullback }: ReverseContext,
): readonly (Expr | undefined)[] {
  const offered = [...inputs, ...outputs.map(typeOf)].map(argumentOf);
  const seeded = outputs.flatMap((_, i) => (adjoints[i] === undefined ? [] : [i]));
  const wrt = wanted.flatMap((yes, i) => (yes ? [i] : []));
  const sent = pullback(
    seeded.map((i) => outputs[i] as Expr),
    seeded.map((i) => offered[inputs.length + i] as Expr),
    wrt.map((i) => offered[i] as Expr),
  );
  const found: (Expr | undefined)[] = new Array(inputs.length).fill(undefined);
  for (const [k, i] of wrt.entries()) found[i] = sent[k];
  return found;
}
