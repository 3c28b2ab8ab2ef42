/** What a field allows. */
export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A typed number, with a point or a decimal comma, `−` or `-`; or the sentence that says what is wrong. */
export function readNumber(text: string, { min, max }: NumberLimits = {}): number | string {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const value = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(plain)
    ? Number(plain)
    : Number.NaN;
  if (!Number.isFinite(value)) return `must be a number, got ${JSON.stringify(text.slice(0, 20))}`;
  if (min !== undefined && value < min) return `must be at least ${min}`;
  if (max !== undefined && value > max) return `must be at most ${max}`;
  return value;
}
