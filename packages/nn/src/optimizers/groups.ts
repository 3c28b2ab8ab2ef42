import { ArgumentError, describe, type Expr, nameOf } from "@chainrule/core";
import { isSelected, type Select } from "../options/index.ts";
import { hostInputs } from "../schedules/schedule.ts";
import { rateAt } from "./defineOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";

/** Parameters whose path fits, and their optimizer. */
export interface Group {
  /** A path or the layer above, a pattern such as /\.bias$/, or a question. */
  readonly match: Select;
  readonly optimizer: Optimizer;
}

/**
 * Different optimizers for different parameters: that of the first group that fits, else the last.
 *
 * Each keeps its own rate. A parameter is known by its path, `encoder.dense2.weight`.
 */
// @__NO_SIDE_EFFECTS__
export function groups(list: readonly Group[], otherwise: Optimizer): Optimizer {
  if (typeof otherwise?.update !== "function") {
    throw new ArgumentError(
      `groups: the last argument must be the optimizer of all other parameters, such as adam() or frozen, got ${describe(otherwise)}`,
    );
  }
  const choose = (parameter: Expr): Optimizer => {
    const path = nameOf(parameter) ?? "";
    return list.find(({ match }) => isSelected(match, path))?.optimizer ?? otherwise;
  };
  const all = [...list.map(({ optimizer }) => optimizer), otherwise];
  const names = all.map(({ name }) => name);
  return {
    name: `groups(${names.join(", ")})`,
    rate: otherwise.rate,
    hosts: [...new Set(all.flatMap(({ rate, hosts }) => hosts ?? hostInputs(rate)))],
    settings: otherwise.settings,
    slots: (parameter) => choose(parameter).slots(parameter),
    update: (parts) => {
      const optimizer = choose(parts.parameter);
      if (optimizer === otherwise) return otherwise.update(parts);
      const rate = rateAt(optimizer, parts.step, parts.parameter.dtype);
      return optimizer.update({ ...parts, rate });
    },
  };
}

/** An optimizer that moves nothing, for frozen parameters. */
export const frozen: Optimizer = {
  name: "frozen",
  rate: 1,
  settings: {},
  slots: () => ({}),
  update: ({ parameter }) => ({ next: parameter, slots: {} }),
};
