/** An IEEE 754 binary format of at most 16 bits. */
export interface SmallFloat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

export const float16: SmallFloat = { exponentBits: 5, mantissaBits: 10 };
export const bfloat16: SmallFloat = { exponentBits: 8, mantissaBits: 7 };

/** Value of the bits, (-1)^s 2^(e - bias) (1 + m / 2^M); exact. */
export function floatFromBits({ exponentBits, mantissaBits }: SmallFloat, bits: number): number {
  const special = 2 ** exponentBits - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = (bits >> (exponentBits + mantissaBits)) & 1 ? -1 : 1;
  const exponent = (bits >> mantissaBits) & special;
  const mantissa = bits & (2 ** mantissaBits - 1);
  if (exponent === special) return mantissa === 0 ? sign * Infinity : Number.NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias);
  return sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** Bits of the nearest value, ties to even; beyond the largest, infinity. NaN becomes quiet. */
export function bitsFromFloat({ exponentBits, mantissaBits }: SmallFloat, value: number): number {
  const special = 2 ** exponentBits - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  const scale = 2 ** mantissaBits;
  const sign = value < 0 || Object.is(value, -0) ? 2 ** (exponentBits + mantissaBits) : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return special * scale + scale / 2;
  if (size === Infinity) return sign + special * scale;
  const exponent = Math.max(exponentOf(size), 1 - bias);
  // Division by a power of two is exact, so this rounds once. A carry runs into the exponent field,
  // and from the largest value into that of infinity, as it should.
  const units = roundToEven(size / 2 ** (exponent - mantissaBits));
  return sign + Math.min((exponent + bias - 1) * scale + units, special * scale);
}

const word = new DataView(new ArrayBuffer(8));

/** The exponent e of 2^e ≤ size < 2^(e + 1); -1023 for 0 and subnormal doubles. */
function exponentOf(size: number): number {
  word.setFloat64(0, size);
  return (word.getUint16(0) >> 4) - 1023;
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
