/**
 * Whole numbers from a seed, the same for ever: number i is a function of the seed and of i alone.
 *
 * The seed is hashed (FNV-1a, 32 bits), and each number is the murmur3 finalizer (Austin Appleby,
 * public domain) of hash + i · 2³²/φ. Made for choosing exercises, not for statistics or secrets.
 */
export class Draws {
  readonly #key: number;
  #count = 0;

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    this.#key = hash >>> 0;
  }

  /** The next number, 0 … 2³² − 1. */
  next(): number {
    this.#count += 1;
    let bits = (this.#key + Math.imul(this.#count, 0x9e3779b9)) >>> 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  }

  /** A whole number from low to high, both among them. */
  whole(low: number, high: number): number {
    return low + Math.floor((this.next() / 2 ** 32) * (high - low + 1));
  }

  /** A whole number from −high to high, but not 0. */
  signed(high: number): number {
    const size = this.whole(1, high);
    return this.next() % 2 === 0 ? size : -size;
  }

  /** Tenths from low to high, such as 0.3. */
  tenths(low: number, high: number): number {
    return this.whole(Math.round(low * 10), Math.round(high * 10)) / 10;
  }

  /** One of several. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }
}
