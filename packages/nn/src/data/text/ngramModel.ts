import { ArgumentError } from "@chainrule/core";
import { checkWhole } from "../checks.ts";
import { checkToken } from "./characterTokens.ts";
import { NgramCounts } from "./ngramCounts.ts";

/** A language model that looks at the last tokens; the measure for others. */
export interface NgramModel {
  readonly order: number;
  /** Probability of a token after others, the latest last; over all tokens it sums to 1. */
  probability(history: ArrayLike<number>, token: number): number;
  /** Mean of −ln p over a text, in nats a token, each token after all before it. */
  crossEntropy(tokens: Int32Array): number;
}

/**
 * Interpolated Kneser–Ney: `p(w | h) = max(c(hw) − D, 0) / c(h·) + D · n(h·) / c(h·) · p(w | h′)`.
 *
 * c counts n-grams at the highest order, and below how many tokens come before one; n(h·) is how many tokens come
 * after h, h′ is h without its first token, D = n₁ / (n₁ + 2 n₂) of the n-grams seen once and twice. Below single
 * tokens all are equally likely. Order 2 is a bigram model.
 * Source: Kneser & Ney 1995; interpolated as in Chen & Goodman 1999, equation 22.
 */
export function ngramModel(
  tokens: Int32Array,
  { order, vocabulary }: { readonly order: number; readonly vocabulary: number },
): NgramModel {
  checkWhole("ngramModel", "order", order, 1);
  checkWhole("ngramModel", "vocabulary", vocabulary, 1);
  if (tokens.length === 0) {
    throw new ArgumentError("ngramModel: there must be tokens to learn from, got none");
  }
  for (const token of tokens) checkToken("ngramModel", token, vocabulary);
  const counts = new NgramCounts(tokens, order, vocabulary);
  /** From the nodes of the histories of 0, 1 … order − 1 tokens. */
  const probabilityAfter = (histories: readonly number[], token: number): number => {
    let p = 1 / vocabulary;
    for (let length = 0; length < histories.length; length++) {
      const history = histories[length] as number;
      const total = counts.total(history);
      if (total === 0) continue;
      const discount = counts.discounts[length + 1] as number;
      const count = counts.count(counts.child(history, token));
      p = (Math.max(count - discount, 0) + discount * counts.followers(history) * p) / total;
    }
    return p;
  };
  return {
    order,
    probability: (history, token) => {
      checkToken("ngramModel", token, vocabulary);
      let histories: readonly number[] = counts.start();
      for (let i = Math.max(0, history.length - order + 1); i < history.length; i++) {
        const next = checkToken("ngramModel", history[i], vocabulary);
        histories = counts.advance(histories, next);
      }
      return probabilityAfter(histories, token);
    },
    crossEntropy: (given) => {
      if (given.length === 0) {
        throw new ArgumentError("ngramModel: there must be tokens to judge, got none");
      }
      let histories: readonly number[] = counts.start();
      let sum = 0;
      for (const token of given) {
        checkToken("ngramModel", token, vocabulary);
        sum -= Math.log(probabilityAfter(histories, token));
        histories = counts.advance(histories, token);
      }
      return sum / given.length;
    },
  };
}
