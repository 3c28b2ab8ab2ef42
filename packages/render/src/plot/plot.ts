import { chartSvg, type PlotOptions } from "./chartSvg.ts";
import type { Figure } from "./figure.ts";
import { chartOf } from "./plotData.ts";

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
