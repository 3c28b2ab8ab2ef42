import { readFileSync } from "node:fs";
import { concat, type Expr, Tensor } from "@chainrule/core";
import {
  type CharacterTokens,
  characterTokens,
  dense,
  type Layer,
  layer,
  ngramModel,
  type Random,
  tokenWindows,
  unitDelay,
} from "@chainrule/nn";

/** The frozen text of `data/corpus.txt` as characters, its last tenth held out. */
export interface Corpus {
  readonly tokens: CharacterTokens;
  readonly learnt: Int32Array;
  readonly heldOut: Int32Array;
  /** Nats a held-out character of an interpolated Kneser–Ney model that learns the rest. */
  readonly ngram: (order: number) => number;
}

/** Reads the corpus. */
export function corpus(): Corpus {
  const text = readFileSync(new URL("../data/corpus.txt", import.meta.url), "utf8");
  const tokens = characterTokens(text);
  const all = tokens.encode(text);
  const end = Math.floor(0.9 * all.length);
  const [learnt, heldOut] = [all.subarray(0, end), all.subarray(end)];
  const ngram = (order: number) =>
    ngramModel(learnt, { order, vocabulary: tokens.size }).crossEntropy(heldOut);
  return { tokens, learnt, heldOut, ngram };
}

/** Each place with the three before it, so that attention need not look for its neighbours first. */
export const neighbours: Layer = layer("neighbours", (x: Expr, scope) => {
  const [one, two] = [unitDelay(x), unitDelay(unitDelay(x))];
  const size = x.shape.at(-1) as number;
  return x.add(scope.use(dense(size))(concat([one, two, unitDelay(two)], -1)));
});

/** What gives logits [rows, window, tokens] for tokens [rows, window], each place seeing those before it. */
export interface LanguageModel {
  readonly window: number;
  readonly tokens: CharacterTokens;
  readonly logits: (tokens: Tensor) => Tensor;
}

/**
 * Mean of −ln p of a text's characters, in nats, each after at least half a window of others.
 *
 * Windows overlap by half and only their second halves count: no character is judged without what stands before it.
 */
export function nats({ window, tokens, logits }: LanguageModel, text: Int32Array): number {
  const { inputs, targets } = tokenWindows(text, { length: window, stride: window / 2 });
  const { data } = logits(inputs);
  let sum = 0;
  let count = 0;
  for (let place = 0; place < targets.data.length; place++) {
    if (place % window < window / 2) continue;
    const own = Array.from(data.subarray(place * tokens.size, (place + 1) * tokens.size));
    const largest = Math.max(...own);
    const total = own.reduce((all, logit) => all + Math.exp(logit - largest), 0);
    sum += Math.log(total) + largest - (own[targets.data[place] as number] as number);
    count++;
  }
  return sum / count;
}

/** Less than 1: likely characters more often than the model has it. */
const TEMPERATURE = 0.7;

/** A text that goes on after its beginning, one character after another drawn by what the model makes of it. */
export function write(
  { window, tokens, logits }: LanguageModel,
  { start, length, random }: { readonly start: string; readonly length: number; random: Random },
): string {
  const text = Array.from(tokens.encode(start));
  while (text.length < length) {
    const known = text.slice(-window);
    const input = new Int32Array(window);
    // What stands behind the last known character changes nothing before it.
    input.set(known);
    const { data } = logits(new Tensor([1, window], input));
    const last = data.subarray((known.length - 1) * tokens.size, known.length * tokens.size);
    text.push(drawn(Array.from(last), random.uniform()));
  }
  return tokens.decode(text);
}

/** The token at a place, 0 … 1, of the cumulated distribution. */
function drawn(logits: readonly number[], place: number): number {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp((logit - largest) / TEMPERATURE));
  let left = place * weights.reduce((a, b) => a + b);
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.length - 1 : found;
}
