/** Hundredths are finer than any screen; never `-0`. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}
