import { roundNumber } from "@chainrule/render";

/** A number of four digits, with a minus that is as wide as a plus. */
export function signed(value: number): string {
  return roundNumber(value, { digits: 4 }).text.replaceAll("-", "−");
}
