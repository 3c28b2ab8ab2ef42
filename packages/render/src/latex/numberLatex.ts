import { type NumberFormat, roundNumber } from "../number/roundNumber.ts";

/** `0.5`, `1.5\times 10^{-9}`, `\infty`, `\mathrm{NaN}`; never `-0`. */
export function numberLatex(value: number, format: NumberFormat = {}): string {
  return decimalLatex(roundNumber(value, format).text);
}

/** A decimal number, as `roundNumber` writes it, in LaTeX. */
export function decimalLatex(text: string): string {
  if (text === "NaN") return "\\mathrm{NaN}";
  if (text.endsWith("∞")) return text.replace("∞", "\\infty");
  const [mantissa = "0", exponent] = text.split("e");
  if (exponent === undefined) return mantissa;
  const power = `10^{${Number(exponent)}}`;
  if (mantissa === "1") return power;
  return mantissa === "-1" ? `-${power}` : `${mantissa}\\times ${power}`;
}
