import type { JSX } from "preact";
import { GraphText } from "./GraphText.tsx";
import { boxClass, type GraphMarks } from "./marks.ts";
import type { PlainBox } from "./pictureRequest.ts";

/** What a box takes. */
export interface GraphBoxProps {
  readonly box: PlainBox;
  readonly index: number;
  readonly marks: GraphMarks;
  /** Whether the keyboard comes to it first. */
  readonly reachable: boolean;
  readonly onChoose: () => void;
  readonly onEnter: () => void;
  readonly onFocus: () => void;
  readonly onLeave: () => void;
}

/** A box: its shape, and its lines as real text; one step of the keyboard. */
export function GraphBox(props: GraphBoxProps): JSX.Element {
  const { box, index, marks, reachable, onChoose, onEnter, onFocus, onLeave } = props;
  const { x, y, width, height, kind, scope, texts } = box;
  const [left, top] = [x - width / 2, y - height / 2];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of HTML.
    <g
      class={boxClass(box, marks)}
      role="button"
      tabindex={reachable ? 0 : -1}
      data-box={index}
      aria-label={spoken(box, marks)}
      aria-expanded={scope === undefined ? undefined : false}
      onClick={onChoose}
      onFocus={onFocus}
      onBlur={onLeave}
      onMouseEnter={onEnter}
      onMouseLeave={onLeave}
    >
      <rect
        x={left}
        y={top}
        width={width}
        height={height}
        rx={kind === "input" ? Math.min(height / 2, 14) : 6}
      />
      {scope === undefined ? undefined : (
        <path class="stack" d={`M${left + 4} ${top - 3}H${left + width + 3}V${top + height - 4}`} />
      )}
      {texts.map((text) => (
        <GraphText key={`${text.role} ${text.y}`} text={text} />
      ))}
    </g>
  );
}

/** What is in sight of a box: numbers that are still to come are not told either. */
function spoken({ id, spoken, texts }: PlainBox, { values, adjoints }: GraphMarks): string {
  let told = spoken;
  const hide = (role: string, prefix: string): void => {
    for (const { text } of texts.filter((one) => one.role === role)) {
      told = told.replace(`, ${prefix}${text}`, "");
    }
  };
  if (values !== undefined && !values.has(id)) hide("value", "value ");
  if (adjoints !== undefined && !adjoints.has(id)) hide("adjoint", "");
  return told;
}
