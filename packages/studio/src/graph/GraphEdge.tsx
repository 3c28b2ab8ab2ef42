import type { PictureEdge } from "@chainrule/render/picture";
import type { JSX } from "preact";
import { GraphText } from "./GraphText.tsx";

/** What an arrow takes. */
export interface GraphEdgeProps {
  readonly edge: PictureEdge;
  /** What the ids of the ends of arrows begin with. */
  readonly tips: string;
  readonly class: string;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
}

/** The arrow from an argument to its user, the dashed one back, and what stands beside them. */
export function GraphEdge(props: GraphEdgeProps): JSX.Element {
  const { edge, tips, class: name, onEnter, onLeave } = props;
  const { forward, backward, texts } = edge;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing of it takes the focus; boxes tell all it shows.
    <g class={name} aria-hidden="true" onMouseEnter={onEnter} onMouseLeave={onLeave}>
      <path class="reach" d={forward} />
      <path class="forward" d={forward} marker-end={`url(#${tips}-forward)`} />
      {backward === undefined ? undefined : (
        <path class="backward" d={backward} marker-end={`url(#${tips}-backward)`} />
      )}
      {texts.map((text) => (
        <GraphText key={text.role} text={text} />
      ))}
    </g>
  );
}
