import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useWidth } from "../../../chart/useWidth.ts";

/** What the arcs take. */
export interface ArcsProps {
  readonly tokens: readonly string[];
  readonly weights: readonly (readonly number[])[];
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}

/** Height of the lines between the rows. */
const HEIGHT = 96;

/** Tokens twice, and lines from the chosen one to what it attends to, thicker where it is more. */
export function WeightArcs({ tokens, weights, selected, onSelect }: ArcsProps): JSX.Element {
  const [place, width] = useWidth<HTMLDivElement>(560);
  const buttons = useRef<HTMLFieldSetElement>(null);
  const x = (i: number): number => ((i + 0.5) * width) / tokens.length;
  const press = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const to = selected + by;
    if (by === 0 || to < 0 || to >= tokens.length) return;
    event.preventDefault();
    onSelect(to);
    buttons.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    <div class="arcs" ref={place}>
      <fieldset class="group token-row" aria-label="Queries" ref={buttons} onKeyDown={press}>
        {tokens.map((token, i) => (
          <button key={i} type="button" aria-pressed={i === selected} onClick={() => onSelect(i)}>
            {token === "" ? "·" : token}
          </button>
        ))}
      </fieldset>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        {(weights[selected] ?? []).map((weight, j) => (
          <path
            key={j}
            stroke-width={0.5 + 14 * weight}
            stroke-opacity={0.15 + 0.75 * weight}
            d={`M${x(selected)} 0C${x(selected)} ${HEIGHT / 2} ${x(j)} ${HEIGHT / 2} ${x(j)} ${HEIGHT}`}
          />
        ))}
      </svg>
      <div class="token-row keys" aria-hidden="true">
        {tokens.map((token, j) => (
          <span key={j}>{token === "" ? "·" : token}</span>
        ))}
      </div>
    </div>
  );
}
