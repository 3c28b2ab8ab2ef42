import { decodeUtf8 } from "./bytes.ts";
import { typeOfCode, type ValueType } from "./types.ts";

/** Reads the encodings that `Bytes` writes. Throws RangeError, with the place, beyond the end. */
export class Reader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  readonly end: number;
  offset: number;

  constructor(data: Uint8Array, offset = 0, end: number = data.length) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  u8(): number {
    const byte = this.offset < this.end ? this.#data[this.offset] : undefined;
    if (byte === undefined)
      throw new RangeError(`wasm: a byte must follow, got the end at ${this.offset}`);
    this.offset++;
    return byte;
  }

  u32(): number {
    return Number(BigInt.asUintN(32, this.#leb(35, false)));
  }

  i32(): number {
    return Number(BigInt.asIntN(32, this.#leb(35, true)));
  }

  i64(): bigint {
    return BigInt.asIntN(64, this.#leb(70, true));
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  bytes(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#data.subarray(start, start + count);
  }

  name(): string {
    return decodeUtf8(this.bytes(this.u32()));
  }

  valueType(): ValueType {
    const code = this.u8();
    const type = typeOfCode(code);
    if (type === undefined) {
      throw new RangeError(
        `wasm: a value type must stand at ${this.offset - 1}, got 0x${code.toString(16)}`,
      );
    }
    return type;
  }

  /** A vector: the count, then each by `read`. */
  list<T>(read: () => T): T[] {
    const count = this.u32();
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }

  #advance(count: number): number {
    const start = this.offset;
    if (start + count > this.end) {
      throw new RangeError(`wasm: ${count} bytes must follow ${start}, got ${this.end - start}`);
    }
    this.offset += count;
    return start;
  }

  /** LEB128 of at most `limit` bits; the callers cut it to their width. */
  #leb(limit: number, signed: boolean): bigint {
    let value = 0n;
    let shift = 0;
    for (;;) {
      if (shift >= limit)
        throw new RangeError(`wasm: an integer must end, got ${shift} bits at ${this.offset}`);
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      shift += 7;
      if (byte < 0x80) return signed && byte & 0x40 ? value - (1n << BigInt(shift)) : value;
    }
  }
}
