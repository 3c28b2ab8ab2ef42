import { Expr, gelu } from "@chainrule/core";
import { type Layer, type LayerLike, layer, named, type Scope } from "../model/index.ts";
import { checkOptions } from "../options/index.ts";
import { multiHeadAttention } from "./attention.ts";
import { positive } from "./checks.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { layerNorm } from "./normalisation.ts";

/** Options of transformer blocks. */
export interface TransformerOptions {
  readonly heads: number;
  /** Units of the feed-forward part; four times the size unless given. */
  readonly hidden?: number;
  /** Of the feed-forward part; gelu unless given. */
  readonly activation?: LayerLike;
  readonly dropout?: number;
  /** Whether a place sees itself and those before it only. */
  readonly causal?: boolean;
  /** Norms before the parts (the default, which trains deeper stacks), or after them, as first published. */
  readonly norm?: "before" | "after";
}

const known = {
  heads: true,
  hidden: true,
  activation: true,
  dropout: true,
  causal: true,
  norm: true,
} as const;

/** A sequence; with a mask, true where a place may look, [batch, time, time] or what broadcasts to it. */
export type EncoderInput = Expr | { readonly input: Expr; readonly mask?: Expr };

/** A sequence, the encoded one that it attends to, and masks of both. */
export type DecoderInput = {
  readonly input: Expr;
  readonly memory: Expr;
  readonly mask?: Expr;
  readonly memoryMask?: Expr;
};

/**
 * Self-attention and a feed-forward part, each beside a direct path: `x + f(norm(x))`.
 *
 * Shapes: x [batch, time, size] → the same. Source: Vaswani et al. 2017; norms before: Xiong et al. 2020.
 */
export function transformerBlock(options: TransformerOptions): Layer<EncoderInput> {
  checkOptions<TransformerOptions>("transformerBlock", options, known);
  return layer(
    "transformerBlock",
    (given: EncoderInput, scope) => {
      const { input, mask } = given instanceof Expr ? { input: given } : given;
      return feedForward(scope, options, selfAttend(scope, options, input, mask));
    },
    { heads: options.heads },
  );
}

/**
 * Blocks one after another, and a norm at the end where norms come before the parts.
 *
 * Shapes: x [batch, time, size] → the same.
 */
export function encoder(depth: number, options: TransformerOptions): Layer<EncoderInput> {
  positive("encoder", "the number of blocks", depth);
  checkOptions<TransformerOptions>("encoder", options, known);
  return layer(
    "encoder",
    (given: EncoderInput, scope) => {
      const { input, mask } = given instanceof Expr ? { input: given } : given;
      let x = input;
      for (let i = 0; i < depth; i++) {
        const block = scope.use(named("block", transformerBlock(options)));
        x = block(mask === undefined ? x : { input: x, mask });
      }
      return options.norm === "after" ? x : scope.use(layerNorm())(x);
    },
    { depth, heads: options.heads },
  );
}

/**
 * Blocks that attend to themselves, causally, then to an encoded sequence, then feed forward.
 *
 * Shapes: input [batch, time, size], memory [batch, other, size] → [batch, time, size].
 */
export function decoder(depth: number, options: TransformerOptions): Layer<DecoderInput> {
  positive("decoder", "the number of blocks", depth);
  checkOptions<TransformerOptions>("decoder", options, known);
  const causal = { ...options, causal: options.causal ?? true };
  const block = layer("block", (given: DecoderInput, scope) => {
    const { input, memory, mask, memoryMask } = given;
    const own = selfAttend(scope, causal, input, mask);
    const cross = scope.use(
      named("crossAttention", multiHeadAttention(options.heads, rateOf(options))),
    );
    const seen = beside(scope, options, own, (query) =>
      cross({ query, memory, ...(memoryMask === undefined ? {} : { mask: memoryMask }) }),
    );
    return feedForward(scope, options, seen);
  });
  return layer(
    "decoder",
    (given: DecoderInput, scope) => {
      let x = given.input;
      for (let i = 0; i < depth; i++) x = scope.use(block)({ ...given, input: x });
      return options.norm === "after" ? x : scope.use(layerNorm())(x);
    },
    { depth, heads: options.heads },
  );
}

function rateOf({ dropout: rate }: TransformerOptions): { readonly dropout?: number } {
  return rate === undefined ? {} : { dropout: rate };
}

function selfAttend(
  scope: Scope,
  options: TransformerOptions,
  x: Expr,
  mask: Expr | undefined,
): Expr {
  const { heads, causal = false } = options;
  const attention = scope.use(multiHeadAttention(heads, { causal, ...rateOf(options) }));
  return beside(scope, options, x, (query) =>
    attention(mask === undefined ? query : { query, mask }),
  );
}

function feedForward(scope: Scope, options: TransformerOptions, x: Expr): Expr {
  const size = x.shape.at(-1) as number;
  const { hidden = 4 * size, activation = gelu } = options;
  const inner = scope.use(named("hidden", dense(hidden, activation)));
  const outer = scope.use(named("feedForward", dense(size)));
  return beside(scope, options, x, (own) => outer(inner(own)));
}

/** `x + f(norm(x))`, or `norm(x + f(x))`, with what f gives dropped in part. */
function beside(
  scope: Scope,
  { norm = "before", dropout: rate = 0 }: TransformerOptions,
  x: Expr,
  part: (x: Expr) => Expr,
): Expr {
  const normal = scope.use(layerNorm());
  const thinned = rate === 0 ? (own: Expr): Expr => own : scope.use(dropout(rate));
  return norm === "before" ? x.add(thinned(part(normal(x)))) : normal(x.add(thinned(part(x))));
}
