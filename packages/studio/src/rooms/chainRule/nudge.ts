import { backprop, evaluate } from "@chainrule/core";
import { type PlotData, plotData } from "@chainrule/render";
import type { Lesson } from "./lesson.ts";

/** What a small change of one variable does, as the derivative says and as it is. */
export interface Nudge {
  readonly by: string;
  readonly delta: number;
  readonly derivative: number;
  readonly before: number;
  readonly after: number;
  /** `∂y/∂x · Δx` */
  readonly predicted: number;
  readonly changed: number;
  /** What the prediction missed. */
  readonly missed: number;
}

/** Nudges one variable and evaluates again. */
export function nudgeOf({ program, values }: Lesson, by: string, delta: number): Nudge | undefined {
  const x = program.variables[by];
  const at = values[by];
  if (x === undefined || at === undefined) return undefined;
  const found = backprop(program, values, { wrt: [x] }).gradients[0]?.value;
  const derivative = typeof found === "number" ? found : 0;
  const [before, after] = [at, at + delta].map(
    (value) => evaluate(program.result, { ...values, [by]: value }, { extra: "allow" }) as number,
  ) as [number, number];
  const predicted = derivative * delta;
  const changed = after - before;
  return { by, delta, derivative, before, after, predicted, changed, missed: changed - predicted };
}

/** How far the plot looks to either side: somewhat beyond the largest nudge. */
const SIDE = 3;

/** The result as a function of one variable, with the tangent that the prediction follows. */
export function nudgePlot({ program, values }: Lesson, name: string): PlotData | undefined {
  const by = program.variables[name];
  const at = values[name];
  if (by === undefined || at === undefined) return undefined;
  const domain = [at - SIDE, at + SIDE] as const;
  const f = program.result;
  return plotData({ kind: "function", f, by, values, domain, tangentAt: at, derivative: false });
}
