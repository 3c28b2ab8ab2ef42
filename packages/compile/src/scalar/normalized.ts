import {
  abs,
  cos,
  div,
  type Elements,
  type Expr,
  erf,
  exp,
  log,
  log1p,
  neg,
  type Op,
  type Order,
  pow,
  sigmoid,
  topological,
  where,
} from "@chainrule/core";
import { normalize } from "@chainrule/core/rewrite";
import { type Tape, tapeOf } from "./tape.ts";

/** Scalar nodes, and what they are computed by. */
export interface ScalarForm {
  readonly all: readonly Elements[];
  readonly order: Order;
  readonly tape: Tape;
}

/** Ops without which no rule of core's `normalize` applies but those that differentiation has applied already. */
const improvable = new Set<Op>(
  [abs, cos, div, erf, exp, log, log1p, neg, pow, sigmoid, where].map(({ op }) => op),
);

/** Rules take some microseconds a node, more than all else together; larger graphs are written by programs, not by hand. */
const MOST_NODES = 4000;

/** The same values with less to compute, by forms that lose no digits: see core's `normalize`. */
export function normalized(form: ScalarForm): ScalarForm {
  const { all, tape } = form;
  if (tape.nodes.length > MOST_NODES) return form;
  if (!tape.examples.some(({ op }) => improvable.has(op))) return form;
  const made: readonly Expr[] = normalize(all.flatMap(({ items }) => items));
  const order = topological(made);
  let at = 0;
  const elements = all.map(({ shape, items }): Elements => {
    const start = at;
    at += items.length;
    return { shape, items: made.slice(start, at) };
  });
  return { all: elements, order, tape: tapeOf(order) as Tape };
}
