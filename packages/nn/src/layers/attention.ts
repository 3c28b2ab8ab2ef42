import {
  ArgumentError,
  type Dim,
  Expr,
  expandDims,
  formatShape,
  greaterEqual,
  iota,
  logicalAnd,
  matmul,
  mul,
  reshape,
  ShapeError,
  softmax,
  transpose,
  where,
} from "@chainrule/core";
import { type Layer, layer, named, type Scope } from "../model/index.ts";
import { checkOptions } from "../options/index.ts";
import { positive, sizeOfAxis } from "./checks.ts";
import { dense } from "./dense.ts";
import { dropout as drop } from "./dropout.ts";

/** What attends, what it attends to, and where it may look. */
export type AttentionInput =
  | Expr
  | {
      /** [batch, queries, size]. */
      readonly query: Expr;
      /** [batch, keys, size]; the query itself unless given. */
      readonly memory?: Expr;
      /** Truth values, true where a query may look: [batch, queries, keys], or what broadcasts to it. */
      readonly mask?: Expr;
    };

/** Options of attention. */
export interface AttentionOptions {
  /** Size of all heads together; that of the query unless given. */
  readonly size?: number;
  /** Whether a place sees itself and those before it only. */
  readonly causal?: boolean;
  /** Share of weights dropped in training. */
  readonly dropout?: number;
  /** Whether the four products have a bias; true unless given. */
  readonly bias?: boolean;
}

/** Scores of places that must not be seen: their weight is 0 exactly, and even if all are such, nothing is NaN. */
const UNSEEN = -1e30;

/**
 * Scaled dot products, `softmax(Q Kᵀ / √d) V`, and the weights.
 *
 * Shapes: q [..., queries, d], k [..., keys, d], v [..., keys, n]; mask, true where a query may look, broadcast to
 * [..., queries, keys]. `change` acts on the weights before the last product, as dropout does.
 * Source: Vaswani et al. 2017.
 */
export function attend(
  q: Expr,
  k: Expr,
  v: Expr,
  mask?: Expr,
  change: (weights: Expr) => Expr = (weights) => weights,
): { readonly output: Expr; readonly weights: Expr } {
  const axes = k.shape.map((_, axis) => axis);
  const flipped = transpose(k, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
  const scores = mul(matmul(q, flipped), 1 / Math.sqrt(sizeOfAxis("attend", q, -1)));
  const weights = softmax(mask === undefined ? scores : where(mask, scores, UNSEEN));
  return { output: matmul(change(weights), v), weights };
}

/** Truth values [queries, keys]: a place sees itself and those before it. */
export function causalMask(queries: Dim, keys: Dim): Expr {
  return greaterEqual(expandDims(iota(queries), 1), iota(keys));
}

/**
 * Attention by several heads: `concat(heads) Wₒ`, each head on projections of its own.
 *
 * Shapes: x [batch, time, size] → the same. The weights are readable by the tap `weights`, [batch, heads, queries,
 * keys]. Throws ArgumentError unless the size divides into the heads. Source: Vaswani et al. 2017.
 */
export function multiHeadAttention(
  heads: number,
  options: AttentionOptions = {},
): Layer<AttentionInput> {
  positive("multiHeadAttention", "the number of heads", heads);
  checkOptions<AttentionOptions>("multiHeadAttention", options, {
    size: true,
    causal: true,
    dropout: true,
    bias: true,
  });
  return layer(
    "attention",
    (input: AttentionInput, scope) => {
      const { query, memory = query, mask } = partsOf(input);
      for (const x of [query, memory]) checkSequence(x);
      const out = sizeOfAxis("attention", query, -1);
      const size = options.size ?? out;
      if (size % heads !== 0) {
        throw new ArgumentError(
          `multiHeadAttention: the size must divide into ${heads} heads, got ${size}`,
        );
      }
      const project = (name: string, x: Expr): Expr =>
        split(linear(scope, name, size, options)(x), heads, size / heads);
      const seen = seenMask(query, memory, mask, options.causal === true);
      const [q, k, v] = [
        project("query", query),
        project("key", memory),
        project("value", memory),
      ] as const;
      const rate = options.dropout ?? 0;
      const change = rate === 0 ? undefined : scope.use(drop(rate));
      const { output, weights } = attend(q, k, v, seen, change);
      scope.tap("weights", weights);
      return linear(scope, "output", out, options)(merge(output, size));
    },
    { heads, ...(options.causal === true ? { causal: true } : {}) },
  );
}

/** Attention of a sequence to itself by one head. */
export function selfAttention(options: AttentionOptions = {}): Layer<AttentionInput> {
  return named("selfAttention", multiHeadAttention(1, options));
}

function partsOf(input: AttentionInput): Exclude<AttentionInput, Expr> {
  return input instanceof Expr ? { query: input } : input;
}

function checkSequence(x: Expr): void {
  if (x.shape.length === 3) return;
  throw new ShapeError(
    `attention: the input must have 3 axes [batch, time, size], got ${formatShape(x.shape)}`,
  );
}

function linear(
  scope: Scope,
  name: string,
  size: number,
  { bias = true }: AttentionOptions,
): (x: Expr) => Expr {
  return scope.use(named(name, dense(size, undefined, bias ? {} : { bias: false })));
}

/** [batch, time, heads · d] → [batch, heads, time, d] */
function split(x: Expr, heads: number, size: number): Expr {
  const [batch, time] = x.shape as readonly [Dim, Dim];
  return transpose(reshape(x, [batch, time, heads, size]), [0, 2, 1, 3]);
}

/** [batch, heads, time, d] → [batch, time, heads · d] */
function merge(x: Expr, size: number): Expr {
  const [batch, , time] = x.shape as readonly [Dim, Dim, Dim];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, time, size]);
}

/** Both masks together, with an axis for the heads. */
function seenMask(
  query: Expr,
  memory: Expr,
  mask: Expr | undefined,
  causal: boolean,
): Expr | undefined {
  const own = mask === undefined || mask.shape.length < 3 ? mask : expandDims(mask, 1);
  if (!causal) return own;
  const before = causalMask(query.shape[1] as Dim, memory.shape[1] as Dim);
  return own === undefined ? before : logicalAnd(before, own);
}
