/**
 * Text as bytes: UTF-8, with surrogates that stand alone as three bytes, so that every string has bytes of its own.
 *
 * Source: Sapin, "The WTF-8 encoding".
 */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[at++] = 0xe0 | (point >> 12);
      } else {
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
        i++;
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
  }
  return bytes.slice(0, at);
}

/** What a byte that belongs to no character is shown as. */
const REPLACEMENT = "\ufffd";

/** The text of bytes; inverts `toBytes`. A byte that belongs to no character becomes U+FFFD. */
export function fromBytes(bytes: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; ) {
    const [point, length] = readPoint(bytes, i);
    parts.push(point === undefined ? REPLACEMENT : String.fromCodePoint(point));
    i += length;
  }
  return parts.join("");
}

/** Smallest code point of each length: a longer form of a shorter one is an error. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

function readPoint(bytes: ArrayLike<number>, start: number): readonly [number | undefined, number] {
  const first = bytes[start] as number;
  if (first < 0x80) return [first, 1];
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  if (length === 0 || first > 0xf4) return [undefined, 1];
  let point = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[start + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return [undefined, 1];
    point = (point << 6) | (next & 0x3f);
  }
  return point < (LEAST[length] as number) || point > 0x10ffff ? [undefined, 1] : [point, length];
}
