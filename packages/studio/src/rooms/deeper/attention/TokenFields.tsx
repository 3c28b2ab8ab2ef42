import type { JSX } from "preact";
import { Button, NumberField } from "../../../design/index.ts";
import type { Pair } from "./attention.ts";
import { type AttentionProps, LARGEST, LONGEST_TOKEN } from "./attentionState.ts";

/** The tokens with the two numbers that stand for each. */
export function TokenFields({ state, onChange }: AttentionProps): JSX.Element {
  const { tokens, embeddings, selected } = state;
  const remove = (i: number): void =>
    onChange({
      tokens: tokens.toSpliced(i, 1),
      embeddings: embeddings.toSpliced(i, 1),
      selected: Math.max(0, Math.min(selected - (i < selected ? 1 : 0), tokens.length - 2)),
    });
  const number = (i: number, axis: 0 | 1): JSX.Element => {
    const own = embeddings[i] ?? ([0, 0] as const);
    const moved = (value: number): Pair => (axis === 0 ? [value, own[1]] : [own[0], value]);
    return (
      <NumberField
        bare
        label={`Number ${axis + 1} of token ${i + 1}`}
        value={own[axis]}
        min={-LARGEST}
        max={LARGEST}
        onChange={(value) => onChange({ embeddings: embeddings.with(i, moved(value)) })}
      />
    );
  };
  return (
    <ol class="tokens">
      {tokens.map((token, i) => (
        <li key={i}>
          <input
            class="input"
            type="text"
            aria-label={`Token ${i + 1}`}
            value={token}
            maxLength={LONGEST_TOKEN}
            onInput={(event) =>
              onChange({
                tokens: tokens.with(i, event.currentTarget.value.slice(0, LONGEST_TOKEN)),
              })
            }
          />
          {number(i, 0)}
          {number(i, 1)}
          <Button
            kind="quiet"
            label={`Remove token ${i + 1}`}
            disabled={tokens.length === 1}
            onClick={() => remove(i)}
          >
            ✕
          </Button>
        </li>
      ))}
    </ol>
  );
}
