/** A number in at most three digits, with a true minus sign. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 0.001 || size >= 100_000)
      ? value.toExponential(1)
      : String(Number(value.toPrecision(3)));
  return text.replaceAll("-", "−");
}

/** A share of 1 in hundredths. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}

/** A large number in thousands or millions. */
export function rough(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return value >= 1000 ? `${Math.round(value / 1000)} k` : String(Math.round(value));
}
