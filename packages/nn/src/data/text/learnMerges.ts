/** Two tokens that become one. */
export type Merge = readonly [left: number, right: number];

/** A word as tokens, and how often it comes. */
interface Word {
  tokens: number[];
  readonly count: number;
}

/** Tokens are below 2²⁶, so a pair is one exact number. */
const BASE = 2 ** 26;

/** Pairs of neighbours: how often they come, and in which words. */
class Pairs {
  readonly counts = new Map<number, number>();
  readonly words = new Map<number, Set<number>>();

  add(tokens: readonly number[], count: number, word: number): void {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const pair = (tokens[i] as number) * BASE + (tokens[i + 1] as number);
      const total = (this.counts.get(pair) ?? 0) + count;
      if (total === 0) this.counts.delete(pair);
      else this.counts.set(pair, total);
      if (count < 0) continue;
      const own = this.words.get(pair);
      if (own === undefined) this.words.set(pair, new Set([word]));
      else own.add(word);
    }
  }

  /** The most frequent pair that comes twice; of equals the one with the smallest tokens. */
  best(): number | undefined {
    let [best, most]: [number | undefined, number] = [undefined, 1];
    for (const [pair, count] of this.counts) {
      if (count > most || (count === most && best !== undefined && pair < best)) {
        [best, most] = [pair, count];
      }
    }
    return best;
  }
}

/** Merges the most frequent pair into a new token, from token `next` on, up to `limit` times. */
export function learnMerges(words: Word[], next: number, limit: number): Merge[] {
  const pairs = new Pairs();
  words.forEach(({ tokens, count }, i) => {
    pairs.add(tokens, count, i);
  });
  const merges: Merge[] = [];
  while (merges.length < limit) {
    const pair = pairs.best();
    if (pair === undefined) break;
    const merge: Merge = [Math.floor(pair / BASE), pair % BASE];
    const token = next + merges.length;
    for (const i of pairs.words.get(pair) ?? []) {
      const word = words[i] as Word;
      pairs.add(word.tokens, -word.count, i);
      word.tokens = mergePair(word.tokens, merge, token);
      pairs.add(word.tokens, word.count, i);
    }
    pairs.words.delete(pair);
    merges.push(merge);
  }
  return merges;
}

function mergePair(tokens: readonly number[], [left, right]: Merge, token: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === left && tokens[i + 1] === right) {
      out.push(token);
      i++;
    } else {
      out.push(tokens[i] as number);
    }
  }
  return out;
}
