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

/** Where a nudge leads: on the tangent what was predicted, in the colour of derivatives, and what is true on the curve. */
export function nudgePoints(
  { after, before, predicted, delta }: Nudge,
  at: number,
): PlotData["points"] {
  const points = [
    { at: [at + delta, before + predicted], look: 1 },
    { at: [at + delta, after], look: 0 },
  ] as const;
  return points.filter((point) => point.at.every(Number.isFinite));
}

/**
 * The result as a function of one variable, with the tangent that the prediction follows.
 *
 * Where the curve goes so far that both were one line, it is cut: the tangent is in sight, and the curve as far as
 * `reach` to either side.
 */
export function nudgePlot(
  { program, values }: Lesson,
  name: string,
  reach = 1,
): PlotData | undefined {
  const by = program.variables[name];
  const at = values[name];
  if (by === undefined || at === undefined) return undefined;
  const domain = [at - SIDE, at + SIDE] as const;
  const f = program.result;
  const figure = {
    kind: "function",
    f,
    by,
    values,
    domain,
    tangentAt: at,
    derivative: false,
  } as const;
  const plot = plotData(figure);
  const near = plot.curves.flatMap(({ pieces, look }) =>
    pieces.flat().filter(([x]) => look === TANGENT || Math.abs(x - at) <= reach),
  );
  const heights = near.map(([, y]) => y);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const [from, to] = plot.y.interval;
  if (!(high - low > 0 && TOO_FAR * (high - low) < to - from)) return plot;
  const room = (high - low) / 20;
  return plotData({ ...figure, range: [low - room, high + room] });
}

/** How render marks the tangent of a plot. */
const TANGENT = 2;

/** From here on a curve's ends leave its middle less than a quarter of the height. */
const TOO_FAR = 4;
