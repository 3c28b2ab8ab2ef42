import { isWithin, StateReader } from "../../../state/StateReader.ts";
import type { Attention, Matrix, Pair } from "./attention.ts";

/** What the part on attention shows. */
export interface AttentionState extends Attention {
  readonly tokens: readonly string[];
  /** The token whose attention is worked out. */
  readonly selected: number;
}

/** What views of this part take. */
export interface AttentionProps {
  readonly state: AttentionState;
  readonly onChange: (part: Partial<AttentionState>) => void;
}

/** As many tokens as are seen at once. */
export const MOST_TOKENS = 8;
/** Letters of a token. */
export const LONGEST_TOKEN = 16;
/** Beyond, softmax is saturated. */
export const LARGEST = 10;

/** Keeps what it is given. */
export const IDENTITY: Matrix = [1, 0, 0, 1];

/** What matrices and embeddings can be made for. */
export interface Preset {
  readonly title: string;
  /** What is to be seen. */
  readonly about: string;
  readonly query: Matrix;
  readonly key: Matrix;
  readonly positions: boolean;
  /** Whether the embeddings are put to 0, so that places alone count. */
  readonly bare: boolean;
}

/** A turn by one radian, four times as long: the place before, as `sin(t − 1), cos(t − 1)` is made of `sin t, cos t`. */
const [COS, SIN] = [2.161, 3.366];

/** Matrices with a purpose. */
export const presets: Readonly<Record<string, Preset>> = {
  alike: {
    title: "Like to like",
    about:
      "Queries and keys are the same: a token attends to tokens whose embeddings point where its own does.",
    query: [2, 0, 0, 2],
    key: [2, 0, 0, 2],
    positions: false,
    bare: false,
  },
  crossed: {
    title: "Things to actions",
    about: "The query swaps both numbers: things ask for actions, actions for things.",
    query: [0, 3, 3, 0],
    key: [2, 0, 0, 2],
    positions: false,
    bare: false,
  },
  back: {
    title: "The one before",
    about:
      "Places alone count, and the query turns its own place back by one: each token attends to the one before it.",
    query: [COS, SIN, -SIN, COS],
    key: [4, 0, 0, 4],
    positions: true,
    bare: true,
  },
  even: {
    title: "All alike",
    about: "Queries are 0, so all scores are 0 and all weights the same: attention is a mean.",
    query: [0, 0, 0, 0],
    key: IDENTITY,
    positions: false,
    bare: false,
  },
};

/** A sentence whose tokens are things or actions. */
export const attentionInitial: AttentionState = {
  tokens: ["the", "cat", "chased", "a", "small", "mouse"],
  embeddings: [
    [0.1, 0.1],
    [1.3, -0.1],
    [0.3, 1.4],
    [0.1, 0.1],
    [-0.6, 0.5],
    [1.1, 0.5],
  ],
  query: presets["alike"]?.query ?? IDENTITY,
  key: presets["alike"]?.key ?? IDENTITY,
  value: IDENTITY,
  positions: false,
  causal: false,
  selected: 1,
};

/** Reads this part of a permalink; what is wrong goes to `notes`. */
export function readAttention(json: unknown, notes: string[]): AttentionState {
  const reader = new StateReader(json);
  const initial = attentionInitial;
  const tokens = reader.part("tokens", initial.tokens, "must be 1 to 8 short words", readTokens);
  const found = reader.part(
    "embeddings",
    initial.embeddings,
    "must be two numbers a token",
    (given) => readPairs(given, tokens.length),
  );
  const matrix = (key: "query" | "key" | "value"): Matrix =>
    reader.numbers(key, initial[key], -LARGEST, LARGEST);
  const state: AttentionState = {
    tokens,
    embeddings: tokens.map((_, i) => found[i] ?? [0, 0]),
    query: matrix("query"),
    key: matrix("key"),
    value: matrix("value"),
    positions: reader.flag("positions", initial.positions),
    causal: reader.flag("causal", initial.causal),
    selected: reader.whole(
      "selected",
      Math.min(initial.selected, tokens.length - 1),
      0,
      tokens.length - 1,
    ),
  };
  notes.push(...reader.notes);
  return state;
}

function readTokens(found: unknown): readonly string[] | undefined {
  if (!Array.isArray(found) || found.length === 0 || found.length > MOST_TOKENS) return undefined;
  const fits = found.every((one) => typeof one === "string" && one.length <= LONGEST_TOKEN);
  return fits ? found : undefined;
}

function readPairs(found: unknown, count: number): readonly Pair[] | undefined {
  if (!Array.isArray(found) || found.length !== count) return undefined;
  const fits = found.every(
    (pair) =>
      Array.isArray(pair) &&
      pair.length === 2 &&
      pair.every((one) => isWithin(one, -LARGEST, LARGEST)),
  );
  return fits ? found : undefined;
}
