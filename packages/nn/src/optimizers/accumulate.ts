import { ArgumentError, add, div, type Expr, equal, floor, mod, where } from "@chainrule/core";
import type { Optimizer } from "./optimizer.ts";

/** The slot in which gradients are added up. */
const SUM = "accumulated";

/**
 * An optimizer that moves after every `batches` steps, by the mean of their gradients: a batch
 * larger than memory holds. Between, parameters and state stay as they are.
 *
 * The inner optimizer's steps, and its schedule's, are those that move. Clipping before it sees
 * single batches. Throws ArgumentError unless batches is a whole number ≥ 1.
 */
// @__NO_SIDE_EFFECTS__
export function accumulate(inner: Optimizer, batches: number): Optimizer {
  if (!Number.isSafeInteger(batches) || batches < 1) {
    throw new ArgumentError(`accumulate: batches must be a whole number ≥ 1, got ${batches}`);
  }
  const moves = (step: Expr): Expr => floor(div(step, batches));
  const { rate } = inner;
  return {
    name: `accumulate(${inner.name})`,
    rate: typeof rate === "number" ? rate : Object.assign((step: Expr) => rate(moves(step)), rate),
    settings: { ...inner.settings, batches },
    slots: (parameter) => ({ ...inner.slots(parameter), [SUM]: { initial: 0 } }),
    update: ({ parameter, gradient, slots, step, rate: now }) => {
      const { [SUM]: before, ...own } = slots;
      const sum = before === undefined ? gradient : add(before, gradient);
      const last = equal(mod(add(step, 1), batches), 0);
      const moved = inner.update({
        parameter,
        gradient: div(sum, batches),
        slots: own,
        step: moves(step),
        rate: now,
      });
      const kept = Object.entries(moved.slots).map(([name, next]) => {
        return [name, where(last, next, own[name] ?? next)] as const;
      });
      return {
        next: where(last, moved.next, parameter),
        slots: { ...Object.fromEntries(kept), [SUM]: where(last, 0, sum) },
      };
    },
  };
}
