import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";

/*
 * Threefry-2x32, 20 rounds (Salmon et al., SC 2011), to the bit. ONNX 17 has no operation on bits: words are
 * numbers 0 … 2³² − 1 of type int64, rotated by products and quotients, and combined four bits at a time
 * by a table.
 */

const MODULUS = 2 ** 32;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;
const ROUNDS = 20;

/** Words have so many groups of four bits. */
const NIBBLES = 8;

/** Arithmetic on words. */
class Words {
  readonly #w: GraphWriter;

  constructor(w: GraphWriter) {
    this.#w = w;
  }

  number(value: number): string {
    return this.#w.number(value, "i64");
  }

  /** 32-bit integers without their sign. */
  unsigned(value: string): string {
    const wide = this.#w.cast(value, "i64");
    return this.#w.op("Mod", [wide, this.number(MODULUS)]);
  }

  /** Words as 32-bit integers. */
  signed(word: string): string {
    const w = this.#w;
    const high = w.op("Less", [word, this.number(MODULUS / 2)]);
    const below = w.op("Sub", [word, this.number(MODULUS)]);
    return w.cast(w.op("Where", [high, word, below]), "i32");
  }

  add(a: string, b: string): string {
    return this.#w.op("Mod", [this.#w.op("Add", [a, b]), this.number(MODULUS)]);
  }

  /** The bits above the lowest `bits`. */
  shiftedRight(a: string, bits: number): string {
    return this.#w.op("Div", [a, this.number(2 ** bits)]);
  }

  rotated(a: string, bits: number): string {
    const w = this.#w;
    // The low part first: the product stays below 2³².
    const low = w.op("Mod", [a, this.number(2 ** (32 - bits))]);
    const raised = w.op("Mul", [low, this.number(2 ** bits)]);
    return w.op("Add", [raised, this.shiftedRight(a, 32 - bits)]);
  }

  xor(a: string, b: string): string {
    const w = this.#w;
    const scales = Array.from({ length: NIBBLES }, (_, i) => 16 ** i);
    const weights = w.ints(scales);
    const nibbles = (word: string): string => {
      const apart = w.op("Div", [w.op("Unsqueeze", [word, w.ints([-1])]), weights]);
      return w.op("Mod", [apart, this.number(16)]);
    };
    const index = w.op("Add", [w.op("Mul", [nibbles(a), this.number(16)]), nibbles(b)]);
    const table = Array.from({ length: 256 }, (_, i) => (i >> 4) ^ (i & 15));
    const combined = w.op("Gather", [w.state.constant("i64", [256], table), index]);
    return w.reduce("ReduceSum", w.op("Mul", [combined, weights]), [-1], false);
  }
}

/** Two words for each pair of counters. The key's words have shape [], the counters' one shape. */
function threefry(
  w: GraphWriter,
  key: readonly [string, string],
  counters: readonly [string, string],
): readonly [string, string] {
  const words = new Words(w);
  const both = words.xor(...key);
  const keys = [...key, words.xor(both, words.number(PARITY))];
  let a = words.add(counters[0], key[0]);
  let b = words.add(counters[1], key[1]);
  for (let round = 0; round < ROUNDS; round++) {
    a = words.add(a, b);
    b = words.xor(words.rotated(b, ROTATIONS[round % 8] as number), a);
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    a = words.add(a, keys[injection % 3] as string);
    const next = words.add(keys[(injection + 1) % 3] as string, words.number(injection));
    b = words.add(b, next);
  }
  return [a, b];
}

/** Word i along the last axis, which is gone from the result. */
function wordAt(w: GraphWriter, value: string, i: number): string {
  return w.op("Gather", [value, w.number(i, "i64")], { axis: -1 });
}

/** A pair of words apart. */
function pair(w: GraphWriter, value: string): readonly [string, string] {
  return [wordAt(w, value, 0), wordAt(w, value, 1)];
}

/** Words along a new last axis. */
function joined(w: GraphWriter, parts: readonly string[]): string {
  const apart = parts.map((part) => w.op("Unsqueeze", [part, w.ints([-1])]));
  return w.op("Concat", apart, { axis: -1 });
}

/** `pairs` pairs of the words that a key draws, [pairs, 2]; `pairs` of shape []. */
function drawn(w: GraphWriter, key: string, pairs: string): string {
  const words = new Words(w);
  const first = w.op("Range", [words.number(0), pairs, words.number(1)]);
  const second = w.op("Mul", [first, words.number(0)]);
  return joined(w, threefry(w, pair(w, words.unsigned(key)), [first, second]));
}

/** As many single words as there are elements, [elements]; their number of shape []. */
function drawnWords(w: GraphWriter, key: string, elements: string): string {
  const words = new Words(w);
  const pairs = words.shiftedRight(w.op("Add", [elements, words.number(1)]), 1);
  const flat = w.op("Reshape", [drawn(w, key, pairs), w.ints([-1])]);
  const end = w.op("Unsqueeze", [elements, w.ints([0])]);
  return w.op("Slice", [flat, w.ints([0]), end, w.ints([0])]);
}

/** What a function draws for a key and a number of elements, as one row. */
type Drawing = (w: GraphWriter, key: string, elements: string) => string;

/** 32 bits as they are. */
const bits: Drawing = (w, key, elements) => new Words(w).signed(drawnWords(w, key, elements));

/** The upper 24 bits as a share of 1. */
const singles: Drawing = (w, key, elements) => {
  const top = w.cast(new Words(w).shiftedRight(drawnWords(w, key, elements), 8), "f32");
  return w.op("Mul", [top, w.number(2 ** -24, "f32")]);
};

/** 53 bits of two words as a share of 1. */
const doubles: Drawing = (w, key, elements) => {
  const words = new Words(w);
  const [first, second] = pair(w, drawn(w, key, elements));
  const high = w.op("Mul", [words.shiftedRight(first, 5), words.number(2 ** 26)]);
  const all = w.cast(w.op("Add", [high, words.shiftedRight(second, 6)]), "f64");
  return w.op("Mul", [all, w.number(2 ** -53, "f64")]);
};

/** A function of a key and a shape, which the file holds once. */
const draws =
  (name: string, draw: Drawing): Rule =>
  (w, node) =>
    w.call(name, [w.arg(node, 0), w.shape(node.shape)], (inner, [key, shape]) => {
      const elements = inner.op("ReduceProd", [shape as string], { keepdims: 0 });
      return inner.op("Reshape", [draw(inner, key as string, elements), shape as string]);
    });

const single = draws("randomUniformF32", singles);
const double = draws("randomUniformF64", doubles);

/** Random numbers from explicit keys: the same as everywhere else. */
export const randomRules: Rules = {
  randomBits: draws("randomBits", bits),
  randomUniform: (w, node) => (node.dtype === "f32" ? single : double)(w, node),
  threefry: (w, node) =>
    w.call("threefry", w.all(node), (inner, [key, counters]) => {
      const words = new Words(inner);
      const own = pair(inner, words.unsigned(key as string));
      const counted = pair(inner, words.unsigned(counters as string));
      return words.signed(joined(inner, threefry(inner, own, counted)));
    }),
};
