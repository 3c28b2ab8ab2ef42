/** An exact fraction in lowest terms, its denominator above zero. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Made of decimals such as 0.1, and to be shown as one where that is exact. */
  readonly decimal: boolean;
}

/** The fraction `numerator / denominator`. */
export function rational(numerator: bigint, denominator = 1n, decimal = false): Rational {
  const divisor = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return divisor === 1n
    ? { numerator, denominator, decimal }
    : { numerator: numerator / divisor, denominator: denominator / divisor, decimal };
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n, decimal: false };
export const ONE: Rational = { numerator: 1n, denominator: 1n, decimal: false };
export const MINUS_ONE: Rational = { numerator: -1n, denominator: 1n, decimal: false };

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** A finite number as its shortest decimal says it: 0.1 is 1/10. */
export function fromNumber(value: number): Rational {
  if (Number.isInteger(value)) return { numerator: BigInt(value), denominator: 1n, decimal: false };
  const [, sign, whole, fraction, exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(
    String(value),
  ) as RegExpExecArray;
  const digits = BigInt(`${sign}${whole}${fraction ?? ""}`);
  const scale = Number(exponent ?? 0) - (fraction ?? "").length;
  return scale >= 0
    ? rational(digits * 10n ** BigInt(scale), 1n, true)
    : rational(digits, 10n ** BigInt(-scale), true);
}

/** The decimal digits after the point that tell the fraction exactly, if it has an end. */
function decimalPlaces(denominator: bigint): number | undefined {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

/** Whole numbers up to here are exact as literals. */
const LAST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The literal that shows a fraction: of decimals with an end, and of those whose parts no literal
 * could tell exactly. Other fractions are shown as quotients.
 */
export function asDecimal(value: Rational): number | undefined {
  const { numerator, denominator, decimal } = value;
  if (denominator === 1n) return undefined;
  const places = decimal ? decimalPlaces(denominator) : undefined;
  if (places === undefined) {
    const exact = denominator <= LAST_EXACT && numerator <= LAST_EXACT && -numerator <= LAST_EXACT;
    return exact ? undefined : toNumber(value);
  }
  return Number(`${(numerator * 10n ** BigInt(places)) / denominator}e-${places}`);
}

/** The number nearest to a fraction, to an ulp or two. */
export function toNumber({ numerator, denominator }: Rational): number {
  const quotient = Number(numerator) / Number(denominator);
  if (!Number.isNaN(quotient) && Number(denominator) < Number.POSITIVE_INFINITY) return quotient;
  // Beyond the range of doubles both lose as many binary digits as neither can show.
  const shift = BigInt(Math.max(denominator.toString(2).length - 1000, 0));
  return Number(numerator >> shift) / Number(denominator >> shift);
}

/** No double lies beyond; whatever does is ∞. */
const LARGEST = 1n << 1100n;

/** Denominators are exact up to here; beyond, a fraction is the double that is nearest. */
const FINEST = 1n << 256n;

/** Keeps fractions short: no chain of products makes them longer than doubles can tell apart. */
function limited(value: Rational): Rational {
  const { numerator, denominator } = value;
  if (denominator > FINEST) {
    const nearest = toNumber(value);
    return Number.isFinite(nearest) ? fromNumber(nearest) : value;
  }
  if (numerator > LARGEST || -numerator > LARGEST) {
    return { ...value, numerator: numerator > 0n ? LARGEST : -LARGEST };
  }
  return value;
}

export function plus(a: Rational, b: Rational): Rational {
  const decimal = a.decimal || b.decimal;
  if (a.denominator === 1n && b.denominator === 1n) {
    return limited({ numerator: a.numerator + b.numerator, denominator: 1n, decimal });
  }
  const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
  return limited(rational(numerator, a.denominator * b.denominator, decimal));
}

export function times(a: Rational, b: Rational): Rational {
  const decimal = a.decimal || b.decimal;
  if (a.denominator === 1n && b.denominator === 1n) {
    return limited({ numerator: a.numerator * b.numerator, denominator: 1n, decimal });
  }
  return limited(rational(a.numerator * b.numerator, a.denominator * b.denominator, decimal));
}

export function negate(a: Rational): Rational {
  return { ...a, numerator: -a.numerator };
}

/** `1 / a`, of what is not 0. */
export function inverse({ numerator, denominator, decimal }: Rational): Rational {
  return numerator < 0n
    ? { numerator: -denominator, denominator: -numerator, decimal }
    : { numerator: denominator, denominator: numerator, decimal };
}

export function isInteger(a: Rational): boolean {
  return a.denominator === 1n;
}

export function isValue(a: Rational, value: number): boolean {
  return a.denominator === 1n && a.numerator === BigInt(value);
}

export function isEqual(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

export function isNegative(a: Rational): boolean {
  return a.numerator < 0n;
}

export function compare(a: Rational, b: Rational): number {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Binary digits of a power, at most. */
const MOST_DIGITS = 2000n;

/** `a ^ exponent`, if that is a fraction of sensible length. */
export function power(a: Rational, exponent: Rational): Rational | undefined {
  if (isValue(a, 1)) return ONE;
  if (a.numerator === 0n)
    return isNegative(exponent) || exponent.numerator === 0n ? undefined : ZERO;
  const root = exponent.denominator === 1n ? a : rootOf(a, exponent.denominator);
  if (root === undefined) return undefined;
  const times = exponent.numerator < 0n ? -exponent.numerator : exponent.numerator;
  const length = BigInt(root.numerator.toString(2).length + root.denominator.toString(2).length);
  if (times * length > MOST_DIGITS) return undefined;
  const result: Rational = {
    numerator: root.numerator ** times,
    denominator: root.denominator ** times,
    decimal: a.decimal || exponent.decimal,
  };
  return limited(exponent.numerator < 0n ? inverse(result) : result);
}

function rootOf(
  { numerator, denominator, decimal }: Rational,
  index: bigint,
): Rational | undefined {
  if (numerator < 0n || index > 64n) return undefined;
  const top = integerRoot(numerator, index);
  const bottom = integerRoot(denominator, index);
  if (top === undefined || bottom === undefined) return undefined;
  return { numerator: top, denominator: bottom, decimal };
}

/** The whole number whose power `index` is `value`, if there is one (and doubles can find it). */
function integerRoot(value: bigint, index: bigint): bigint | undefined {
  const near = Number(value) ** (1 / Number(index));
  if (!Number.isSafeInteger(Math.round(near))) return undefined;
  const root = BigInt(Math.round(near));
  return root ** index === value ? root : undefined;
}
