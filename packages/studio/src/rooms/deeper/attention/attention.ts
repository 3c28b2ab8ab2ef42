import { evaluate, matmul, type Tensor, transpose, variable } from "@chainrule/core";
import { attend, build, causalMask, positionalEncoding, Registry } from "@chainrule/nn";

/** A matrix of 2 × 2, row by row. */
export type Matrix = readonly number[];
/** Two numbers that stand for a token. */
export type Pair = readonly [number, number];

/** What attention is made of. */
export interface Attention {
  readonly embeddings: readonly Pair[];
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  /** Whether places are added to the embeddings. */
  readonly positions: boolean;
  /** Whether a token sees itself and those before it only. */
  readonly causal: boolean;
}

/** What it gives, token by token. */
export interface Attended {
  /** Embeddings with their places, where those count. */
  readonly inputs: readonly Pair[];
  readonly queries: readonly Pair[];
  readonly keys: readonly Pair[];
  readonly values: readonly Pair[];
  /** `q · k / √2`, a row for each query. */
  readonly scores: readonly (readonly number[])[];
  /** Softmax of each row. */
  readonly weights: readonly (readonly number[])[];
  readonly outputs: readonly Pair[];
}

/** Attention of tokens to each other by one head, in two dimensions so that it can be seen. */
export function attended(given: Attention): Attended {
  const tokens = given.embeddings.length;
  const embeddings = variable("x", [tokens, 2]);
  const [wq, wk, wv] = [variable("Q", [2, 2]), variable("K", [2, 2]), variable("V", [2, 2])];
  const inputs = given.positions
    ? build(positionalEncoding(), embeddings, { registry: new Registry(0) }).output
    : embeddings;
  const [q, k, v] = [matmul(inputs, wq), matmul(inputs, wk), matmul(inputs, wv)] as const;
  const mask = given.causal ? causalMask(tokens, tokens) : undefined;
  const { weights, output } = attend(q, k, v, mask);
  const scores = matmul(q, transpose(k)).mul(1 / Math.sqrt(2));
  const found = evaluate(
    { inputs, queries: q, keys: k, values: v, scores, weights, outputs: output },
    {
      x: given.embeddings.map((pair) => [...pair]),
      Q: square(given.query),
      K: square(given.key),
      V: square(given.value),
    },
  );
  return Object.fromEntries(
    Object.entries(found).map(([name, tensor]) => [name, (tensor as Tensor).toArray()]),
  ) as unknown as Attended;
}

function square([a = 0, b = 0, c = 0, d = 0]: Matrix): number[][] {
  return [
    [a, b],
    [c, d],
  ];
}
