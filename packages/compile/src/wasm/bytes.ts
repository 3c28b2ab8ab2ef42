/** Scratch through which numbers become their bytes; WebAssembly is little-endian, as all hosts that run it are. */
const scratch = new DataView(new ArrayBuffer(8));

/** Room for a short function; doubling from here costs at most one copy of each byte on average. */
const initialCapacity = 256;

/** A growing buffer of bytes with the encodings of WebAssembly's binary format. */
export class Bytes {
  #data: Uint8Array = new Uint8Array(initialCapacity);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes written so far; a view, valid until the next write. */
  view(): Uint8Array {
    return this.#data.subarray(0, this.#length);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#data.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#data.length));
    grown.set(this.#data);
    this.#data = grown;
  }

  u8(value: number): void {
    if (this.#length === this.#data.length) this.reserve(1);
    this.#data[this.#length++] = value;
  }

  /** Unsigned LEB128: seven bits a byte, the lowest first, the top bit set on all but the last byte. */
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /** Signed LEB128; bit 6 of the last byte is the sign. */
  i32(value: number): void {
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.u8(rest & 0x7f);
  }

  /** Signed LEB128 of 64 bits. */
  i64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    while (rest < -0x40n || rest >= 0x40n) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.u8(Number(rest & 0x7fn));
  }

  f32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.#scratch(4);
  }

  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.#scratch(8);
  }

  /** Four bytes of an integer as they lie in memory. */
  word(value: number): void {
    scratch.setInt32(0, value, true);
    this.#scratch(4);
  }

  /** Eight bytes of an integer as they lie in memory. */
  doubleWord(value: bigint): void {
    scratch.setBigInt64(0, value, true);
    this.#scratch(8);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#data.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Bytes preceded by their count. */
  sized(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.append(bytes);
  }

  /** UTF-8 preceded by its count of bytes. */
  name(text: string): void {
    this.sized(encodeUtf8(text));
  }

  #scratch(count: number): void {
    this.reserve(count);
    for (let i = 0; i < count; i++) this.#data[this.#length++] = scratch.getUint8(i);
  }
}

/** UTF-8 of a text; lone surrogates become U+FFFD, since names must be valid. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const c = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 0x3f));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f));
    else
      bytes.push(
        0xf0 | (c >> 18),
        0x80 | ((c >> 12) & 0x3f),
        0x80 | ((c >> 6) & 0x3f),
        0x80 | (c & 0x3f),
      );
  }
  return Uint8Array.from(bytes);
}

/** Text of UTF-8 bytes, which must be valid. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0;
    const more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let point = more === 0 ? lead : lead & (0x3f >> more);
    for (let j = 1; j <= more; j++) point = (point << 6) | ((bytes[i + j] ?? 0) & 0x3f);
    text += String.fromCodePoint(point);
    i += more + 1;
  }
  return text;
}
