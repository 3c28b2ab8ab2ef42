import { type Expr, nameOf } from "@chainrule/core";
import { hostInputs } from "../schedules/schedule.ts";
import { rateAt } from "./defineOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";

/** Parameters whose path fits, and their optimizer. */
export interface Group {
  /** A pattern of the path, such as /\.bias$/, or a test of it. */
  readonly match: RegExp | ((path: string) => boolean);
  readonly optimizer: Optimizer;
}

/**
 * Different optimizers for different parameters: that of the first group that fits, else the last.
 *
 * Each keeps its own rate. A parameter is known by its path, `encoder.dense2.weight`.
 */
// @__NO_SIDE_EFFECTS__
export function groups(list: readonly Group[], otherwise: Optimizer): Optimizer {
  const choose = (parameter: Expr): Optimizer => {
    const path = nameOf(parameter) ?? "";
    return list.find((group) => fits(group, path))?.optimizer ?? otherwise;
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

/** `search` tells without the state that a global pattern's `test` keeps. */
function fits({ match }: Group, path: string): boolean {
  return typeof match === "function" ? match(path) : path.search(match) >= 0;
}

/** An optimizer that moves nothing, for frozen parameters. */
export const frozen: Optimizer = {
  name: "frozen",
  rate: 1,
  settings: {},
  slots: () => ({}),
  update: ({ parameter }) => ({ next: parameter, slots: {} }),
};
