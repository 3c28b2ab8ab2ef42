/** As many digits as a drawing bears. */
const DIGITS = 6;

/** A number with at most so many significant digits, without trailing zeros, never `-0`. */
export function formatNumber(value: number, digits: number = DIGITS): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞");
  const text = String(Number(value.toPrecision(digits)));
  return text === "-0" ? "0" : text;
}
