import { allocate } from "../dtype.ts";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type Op, type WithOp } from "../op.ts";
import { formatShape, type Sizes } from "../shape.ts";
import { asTensor, Tensor, type Value } from "../tensor.ts";
import { constant, literalValue } from "./leaf.ts";

/** By how many bits each of eight rounds rotates: table 2 of the paper, for two words of 32 bits. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** The constant of the key schedule, of Skein's authors. */
const PARITY = 0x1bd11bda;

/** Enough for the strictest known tests, with a margin (the paper's recommendation). */
const ROUNDS = 20;

/**
 * Two random words from a counter and a key: Threefry-2x32 with 20 rounds, on 32-bit integers.
 *
 * Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 */
export function threefry2x32(
  key: readonly [number, number],
  counter: readonly [number, number],
): readonly [number, number] {
  const keys = [key[0], key[1], PARITY ^ key[0] ^ key[1]] as const;
  let a = (counter[0] + key[0]) | 0;
  let b = (counter[1] + key[1]) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bits = ROTATIONS[round % 8] as number;
    a = (a + b) | 0;
    b = ((b << bits) | (b >>> (32 - bits))) ^ a;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    a = (a + (keys[injection % 3] as number)) | 0;
    b = (b + (keys[(injection + 1) % 3] as number) + injection) | 0;
  }
  return [a, b];
}

/** The key held by a value of shape [2]. */
export function keyOf(value: unknown): readonly [number, number] {
  const { data } = value as Tensor;
  return [data[0] as number, data[1] as number];
}

/** The value of a generator from its key and counters. */
export type Generator = (words: readonly Tensor[], node: Expr, sizes: Sizes) => Value;

/** Evaluation of a generator, and its scalars: constants, where the key is one. */
// @__NO_SIDE_EFFECTS__
export function generated(generate: Generator): Required<Pick<Op, "evaluate" | "elements">> {
  return {
    evaluate: (values, node, { sizes }) => generate(values as readonly Tensor[], node, sizes),
    elements: (node, args, { sizes }) => {
      const words = (args as readonly Elements[]).map((arg) => knownWords(node, arg));
      const { shape, data } = asTensor(generate(words, node, sizes), node.dtype);
      return { shape, items: Array.from(data, (item) => constant(item, node.dtype)) };
    },
  };
}

function knownWords(node: Expr, { shape, items }: Elements): Tensor {
  const words = items.map((item) => {
    const word = literalValue(item);
    if (word !== undefined) return word;
    throw new ArgumentError(
      `scalarize: the key of ${node.op.name} must be a constant, got an expression`,
    );
  });
  return new Tensor(shape, Int32Array.from(words), "i32");
}

/** Throws unless an expression is a random key: two words of type i32. */
export function checkKey(where: string, key: Expr): void {
  if (key.dtype !== "i32") {
    throw new DTypeError(`${where}: a key must be of type i32, got ${key.dtype}`);
  }
  if (key.shape.length !== 1 || key.shape[0] !== 2) {
    throw new ShapeError(`${where}: a key must have shape [2], got ${formatShape(key.shape)}`);
  }
}

/**
 * Random words for each pair of counters, all different as long as the counters are.
 *
 * Shapes: key [2], counters [..., 2] → [..., 2], all i32.
 * Throws DTypeError or ShapeError for others.
 */
export const threefry: WithOp<(key: Expr, counters: Expr) => Expr> = defineOp(
  {
    name: "threefry",
    arity: 2,
    infer: ([, counters]) => ({ shape: (counters as Expr).shape, dtype: "i32" }),
    ...generated(([key, counters]) => {
      const { shape, data } = counters as Tensor;
      const words = keyOf(key);
      const out = allocate("i32", data.length);
      for (let i = 0; i < data.length; i += 2) {
        out.set(threefry2x32(words, [data[i] as number, data[i + 1] as number]), i);
      }
      return new Tensor(shape, out, "i32");
    }),
    notation: named("threefry"),
  },
  (op) =>
    (key, counters): Expr => {
      checkKey("threefry", key);
      if (counters.dtype !== "i32") {
        throw new DTypeError(`threefry: counters must be of type i32, got ${counters.dtype}`);
      }
      if (counters.shape.at(-1) !== 2) {
        throw new ShapeError(
          `threefry: counters must have shape [..., 2], got ${formatShape(counters.shape)}`,
        );
      }
      return apply(op, [key, counters]);
    },
);
