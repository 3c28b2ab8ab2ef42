import { activationChart } from "./activationChart.ts";
import type { Chart } from "./chart.ts";
import { chartSvg, type PlotOptions } from "./chartSvg.ts";
import { fieldChart } from "./fieldChart.ts";
import type { Figure } from "./figure.ts";
import { functionChart } from "./functionChart.ts";
import { lossChart } from "./lossChart.ts";

/**
 * A function with derivative and tangent, a gradient field, losses, or an activation, as SVG.
 *
 * Derivatives are graphs, given or built by `grad`. What is not finite leaves a gap.
 * Throws ArgumentError for axes without a variable or a domain that is none, BindingError for
 * variables without a value.
 */
export function plot(figure: Figure, options: PlotOptions = {}): string {
  return chartSvg(chartOf(figure), options);
}

function chartOf(figure: Figure): Chart {
  if (figure.kind === "function") return functionChart(figure);
  if (figure.kind === "field") return fieldChart(figure);
  if (figure.kind === "loss") return lossChart(figure);
  return activationChart(figure);
}
