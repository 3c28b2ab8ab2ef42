import {
  type Expr,
  evaluate,
  matmul,
  Program,
  type Tensor,
  transpose,
  variable,
} from "@chainrule/core";
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

/** Attention as a program: q, k, v, the scores, the weights `a`, the outputs; with the numbers of its inputs. */
export interface AttentionGraph {
  readonly program: Program;
  readonly values: Readonly<Record<string, number[][]>>;
}

/** Attention of tokens to each other by one head, in two dimensions so that it can be seen. */
export function attentionGraph(given: Attention): AttentionGraph {
  const tokens = given.embeddings.length;
  const embeddings = variable("x", [tokens, 2]);
  const inputs = given.positions
    ? build(positionalEncoding(), embeddings, { registry: new Registry(0) }).output
    : embeddings;
  const [q, k, v] = ["W_Q", "W_K", "W_V"].map((name) => {
    return matmul(inputs, variable(name, [2, 2]));
  }) as [Expr, Expr, Expr];
  const mask = given.causal ? causalMask(tokens, tokens) : undefined;
  const { weights, output } = attend(q, k, v, mask);
  const scores = matmul(q, transpose(k)).mul(1 / Math.sqrt(2));
  return {
    program: new Program({ definitions: { inputs, q, k, v, scores, a: weights, out: output } }),
    values: {
      x: given.embeddings.map((pair) => [...pair]),
      W_Q: square(given.query),
      W_K: square(given.key),
      W_V: square(given.value),
    },
  };
}

/** What attention comes to, token by token. */
export function attended(given: Attention): Attended {
  const { program, values } = attentionGraph(given);
  const found = evaluate(program.definitions, values);
  const rows = (name: string): readonly Pair[] =>
    (found[name] as Tensor).toArray() as unknown as readonly Pair[];
  const matrix = (name: string): number[][] => (found[name] as Tensor).toArray() as number[][];
  return {
    inputs: rows("inputs"),
    queries: rows("q"),
    keys: rows("k"),
    values: rows("v"),
    scores: matrix("scores"),
    weights: matrix("a"),
    outputs: rows("out"),
  };
}

function square([a = 0, b = 0, c = 0, d = 0]: Matrix): number[][] {
  return [
    [a, b],
    [c, d],
  ];
}
