import { activationChart } from "./activationChart.ts";
import type { Axis, Chart } from "./chart.ts";
import { fieldChart } from "./fieldChart.ts";
import type { Figure } from "./figure.ts";
import { functionChart } from "./functionChart.ts";
import { lossChart } from "./lossChart.ts";
import { ticksOf } from "./range.ts";

/** An axis with the round numbers that stand at it. */
export interface PlotAxis extends Axis {
  readonly ticks: readonly number[];
}

/** A plot in the units of its axes, for pages that draw by themselves. */
export interface PlotData extends Chart {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
}

/** Numbers at an axis, about: as many as fit on a page's width, and on its height. */
const ACROSS = 9;
const UP = 7;

/**
 * What `plot` draws, as data: lines in pieces, points, level lines and arrows, all in the units of the axes.
 *
 * Throws as `plot`.
 */
export function plotData(figure: Figure): PlotData {
  const chart = chartOf(figure);
  const across = withTicks(chart.x, ACROSS);
  // Between two epochs there is none.
  const x =
    figure.kind === "loss"
      ? { ...across, ticks: across.ticks.filter((tick) => Number.isInteger(tick)) }
      : across;
  return { ...chart, x, y: withTicks(chart.y, UP) };
}

/** The chart of a figure. */
export function chartOf(figure: Figure): Chart {
  if (figure.kind === "function") return functionChart(figure);
  if (figure.kind === "field") return fieldChart(figure);
  if (figure.kind === "loss") return lossChart(figure);
  return activationChart(figure);
}

function withTicks(axis: Axis, count: number): PlotAxis {
  return { ...axis, ticks: ticksOf(axis.interval, count, axis.logarithmic === true) };
}
