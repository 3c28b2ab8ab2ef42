import { Fragment, type JSX } from "preact";
import { GraphText } from "./GraphText.tsx";
import { boxClass, type GraphMarks } from "./marks.ts";
import type { PlainBox } from "./plainPicture.ts";

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
  const opens = scope === undefined ? {} : { "aria-expanded": false };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has a role, of one kind or another.
    <g
      class={boxClass(box, marks)}
      role={scope === undefined ? "img" : "button"}
      tabindex={reachable ? 0 : -1}
      data-box={index}
      aria-label={told(box, marks)}
      {...opens}
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
        <Fragment key={`${text.role} ${text.y}`}>
          <GraphText text={text} />{" "}
        </Fragment>
      ))}
    </g>
  );
}

/** What is in sight of a box: numbers that are still to come are not told either. */
function told({ id, scope, spoken, texts }: PlainBox, { values, adjoints }: GraphMarks): string {
  // What a button is called begins with what is read on it.
  if (scope !== undefined) return `${texts.map(({ text }) => text).join(" ")}, folded`;
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
