import { roundNumber } from "@chainrule/render";

/** A number of three digits, with a minus as wide as a plus. */
export function short(value: number): string {
  return roundNumber(value, { digits: 3 }).text.replaceAll("-", "−");
}
