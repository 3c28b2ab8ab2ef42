import type { NumberFormat } from "../number/roundNumber.ts";
import type { DerivationSettings } from "./options.ts";

/** How numbers are rounded and carried, in a sentence. */
export function roundingSentence({ format, carry }: DerivationSettings): string {
  const digits = carry === "full" ? "all digits" : "the printed digits";
  return `Numbers are ${roundingText(format)}; calculations go on with ${digits}.`;
}

/** How numbers are rounded, in words. */
export function roundingText({ digits, rounding }: NumberFormat): string {
  const how = rounding === "trunc" ? "cut off after" : "rounded to";
  if (digits === undefined) return "with all digits";
  const wanted = typeof digits === "number" ? { significant: digits } : digits;
  return "fixed" in wanted
    ? `${how} ${wanted.fixed} decimals`
    : `${how} ${wanted.significant} significant digits`;
}
