import { roundNumber } from "@chainrule/render";

/** A number of four significant digits, enough to compare, with a minus as wide as a plus: `−0.04122`. */
export function shortNumber(value: number): string {
  return roundNumber(value, { digits: 4 }).text.replaceAll("-", "−");
}

/** Digits of a name as indices: `w₁₂` of `w12`. */
export function withIndices(name: string): string {
  return name.replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)] ?? "");
}
