import { ArgumentError, describe } from "@chainrule/core";
import type { Metric } from "../metrics/index.ts";

/** What an epoch holds beside its metrics. */
const taken: readonly string[] = ["loss", "epoch", "steps", "seconds", "validation", "stopped"];

/**
 * The loss's own metrics and further ones by name.
 *
 * Throws ArgumentError for what is no metric, and for a name that an epoch has for something else.
 */
export function metricsOf(
  own: Readonly<Record<string, Metric>> | undefined,
  further: Readonly<Record<string, Metric>> | undefined,
): Readonly<Record<string, Metric>> {
  const metrics = { ...own, ...further };
  for (const [name, metric] of Object.entries(metrics)) {
    if (taken.includes(name)) {
      throw new ArgumentError(
        `trainer: a metric must have a name other than ${taken.join(", ")}, got ${describe(name)}`,
      );
    }
    const given: unknown = metric;
    const isMetric =
      typeof given === "object" && given !== null && "totals" in given && "value" in given;
    if (isMetric) continue;
    throw new ArgumentError(
      `trainer: the metric ${name} must be { totals, value }, such as accuracy(), got ${describe(given)}`,
    );
  }
  return metrics;
}
