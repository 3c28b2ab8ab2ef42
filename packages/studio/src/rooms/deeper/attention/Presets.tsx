import type { JSX } from "preact";
import { Select } from "../../../design/index.ts";
import type { Pair } from "./attention.ts";
import { type AttentionProps, IDENTITY, presets } from "./attentionState.ts";

/** Matrices made for a purpose. */
export function Presets({ state, onChange }: AttentionProps): JSX.Element {
  const known = Object.entries(presets).find(
    ([, { query, key, positions }]) =>
      positions === state.positions && same(query, state.query) && same(key, state.key),
  );
  const named = Object.entries(presets).map(([id, { title }]) => [id, title] as const);
  const choose = (id: string): void => {
    const preset = presets[id];
    if (preset === undefined) return;
    const { query, key, positions, bare } = preset;
    const embeddings = bare ? state.tokens.map((): Pair => [0, 0]) : state.embeddings;
    onChange({ query, key, value: IDENTITY, positions, embeddings });
  };
  return (
    <>
      <Select
        label="Attention for"
        value={known?.[0] ?? "own"}
        options={known === undefined ? [...named, ["own", "Your own"]] : named}
        onChange={choose}
      />
      <p class="quiet-text">{known?.[1].about ?? "Matrices of your own."}</p>
    </>
  );
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((one, i) => one === b[i]);
}
