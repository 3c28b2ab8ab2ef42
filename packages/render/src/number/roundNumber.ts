/** How numbers are written. */
export interface NumberFormat {
  /**
   * Significant digits, or digits after the point; by default as many as tell a number from all
   * others.
   */
  readonly digits?: Digits | undefined;
  /** To the nearest, ties to the even digit (default), or cut off. */
  readonly rounding?: Rounding | undefined;
}

/** So many significant digits (also written as a bare number), or so many after the point. */
export type Digits = number | { readonly significant: number } | { readonly fixed: number };

/** `half-even` rounds to the nearest, ties to the even digit; `trunc` cuts off. */
export type Rounding = "half-even" | "trunc";

/** A number as it is written. */
export interface RoundedNumber {
  /** `0.41`, `0.08020`, `1.5e-9`, `-∞`, `NaN`; never `-0`. */
  readonly text: string;
  /** The number that the text says. */
  readonly value: number;
  /** Whether the text says all of the number. */
  readonly whole: boolean;
}

/** A double holds this many decimal digits whatever they are; beyond is noise of the arithmetic. */
const RELIABLE = 15;

/** More digits than these never occur: every double is told from all others by 17. */
const ALL = 17;

/** Numbers from here on are written with a power of ten … */
const LARGE = 15;

/** … and so are those with more zeros than these after the point. */
const SMALL = -5;

/**
 * A number with the digits asked for. What is cut off decides between `=` and `≈`; where nothing is,
 * trailing zeros are dropped: 0.41, but 0.08020 for 0.0802031.
 *
 * Rounds the decimal of 15 digits, so that 0.1 · 3 = 0.30000000000000004 is 0.3 in every mode.
 */
export function roundNumber(
  value: number,
  { digits, rounding = "half-even" }: NumberFormat = {},
): RoundedNumber {
  if (!Number.isFinite(value)) {
    return { text: String(value).replace("Infinity", "∞"), value, whole: true };
  }
  if (value === 0) return { text: "0", value: 0, whole: true };
  if (digits === undefined) {
    const text = String(value).replace("e+", "e");
    return { text, value, whole: true };
  }
  const wanted = typeof digits === "number" ? { significant: digits } : digits;
  const needed = "significant" in wanted ? wanted.significant : RELIABLE;
  const [mantissa = "", power] = Math.abs(value)
    .toExponential(Math.min(ALL, Math.max(RELIABLE, needed)) - 1)
    .split("e");
  const decimals = mantissa.replace(".", "");
  const exponent = Number(power);
  const keep = "significant" in wanted ? wanted.significant : wanted.fixed + exponent + 1;
  const fixed = "fixed" in wanted ? wanted.fixed : undefined;
  const cut = cutDigits(decimals, keep, rounding, fixed === undefined);
  const sign = value < 0 && /[1-9]/.test(cut.digits) ? "-" : "";
  const text = sign + written(cut.digits, exponent + cut.carry, cut.whole, fixed);
  return { text, value: Number(text), whole: cut.whole };
}

interface Cut {
  readonly digits: string;
  /** 1 where rounding up gave one more digit before the point. */
  readonly carry: number;
  readonly whole: boolean;
}

/** The first `keep` of the digits, rounded; none or fewer than none give 0 or the next unit. */
function cutDigits(decimals: string, keep: number, rounding: Rounding, drop: boolean): Cut {
  const kept = decimals.slice(0, Math.max(0, keep)).padEnd(Math.max(0, keep), "0");
  const rest = keep < 0 ? `0${decimals}` : decimals.slice(keep);
  const whole = !/[1-9]/.test(rest);
  if (whole || rounding === "trunc" || !roundsUp(kept, rest)) {
    return { digits: kept, carry: 0, whole };
  }
  const raised = (BigInt(kept === "" ? "0" : kept) + 1n).toString().padStart(kept.length, "0");
  if (raised.length === kept.length) return { digits: raised, carry: 0, whole };
  // 9.99 became 10.00, whose last digit was not asked for.
  return { digits: drop ? raised.slice(0, -1) : raised, carry: 1, whole };
}

function roundsUp(kept: string, rest: string): boolean {
  const next = rest.charCodeAt(0) - 48;
  if (next !== 5 || /[1-9]/.test(rest.slice(1))) return next >= 5;
  return (kept.charCodeAt(kept.length - 1) - 48) % 2 === 1;
}

/** Digits `d₁d₂…` of `d₁.d₂… · 10^exponent`, with a power of ten where zeros would hide them. */
function written(
  digits: string,
  exponent: number,
  whole: boolean,
  fixed: number | undefined,
): string {
  const powers = exponent >= LARGE || (fixed === undefined && exponent < SMALL);
  if (powers) {
    const fraction = digits.slice(1);
    return `${trimmed(`${digits[0]}.${fraction}`, whole || exponent >= LARGE)}e${exponent}`;
  }
  if (exponent < 0) {
    const zeros = fixed === undefined ? -exponent - 1 : fixed - digits.length;
    return trimmed(`0.${"0".repeat(Math.max(0, zeros))}${digits}`, whole);
  }
  const before = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return trimmed(`${before}.${digits.slice(exponent + 1)}`, whole);
}

/** Without a bare point, and without trailing zeros where they say nothing. */
function trimmed(text: string, whole: boolean): string {
  return (whole ? text.replace(/0+$/, "") : text).replace(/\.$/, "");
}
