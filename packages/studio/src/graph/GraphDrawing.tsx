import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Button } from "../design/index.ts";
import { Scroller } from "../document/Scroller.tsx";
import { GraphBox } from "./GraphBox.tsx";
import { GraphEdge } from "./GraphEdge.tsx";
import { edgeClass, type GraphMarks } from "./marks.ts";
import { isWalkKey, walkTo } from "./neighbours.ts";
import type { PlainPicture } from "./plainPicture.ts";
import "./graph.css";

/** What a drawing takes. */
export interface GraphDrawingProps {
  readonly picture: PlainPicture;
  /** Scopes that are open, by their paths. */
  readonly unfold: readonly string[];
  readonly onUnfold: (unfold: readonly string[]) => void;
  readonly marks?: GraphMarks | undefined;
  /** Told when a box is chosen by click, Enter or Space. */
  readonly onSelect?: ((id: string) => void) | undefined;
  /** Told what the eye or the keyboard is on; undefined when it has left. */
  readonly onPoint?: ((id: string | undefined) => void) | undefined;
  /** Told which arrow the pointer is on, by the names of its ends; undefined when it has left. */
  readonly onEdge?: ((from: string | undefined, to: string | undefined) => void) | undefined;
}

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3] as const;
const nothing: GraphMarks = {};

/** Keys that make the drawing larger, smaller, or fit it. */
const zoomKeys: Readonly<Record<string, -1 | 0 | 1>> = { "+": 1, "=": 1, "-": -1, "0": 0 };

/** How far a wheel with Ctrl turns for one zoom; a notch of a mouse is about 100, a pinch many small ones. */
const PINCH = 40;

/** A wider drawing is scrolled rather than made smaller than this: letters of 12 pixels have 9 then. */
const LEAST = 0.75;

/**
 * A graph as `graphPicture` draws it. Arrow keys walk along its arrows; folded parts open by click, Enter or Space,
 * and close at their names.
 */
export function GraphDrawing(props: GraphDrawingProps): JSX.Element {
  const { picture, unfold, onUnfold, marks = nothing, onSelect, onPoint, onEdge } = props;
  const [zoom, setZoom] = useState<number | undefined>(undefined);
  const [at, setAt] = useState(0);
  const turned = useRef(0);
  const place = useRef<SVGSVGElement>(null);
  const tips = useId();
  useEffect(() => follow(place.current, picture, marks.current), [picture, marks.current]);
  const { boxes, edges, frames, page } = picture;
  const here = Math.min(at, boxes.length - 1);
  const focus = (i: number): void => {
    setAt(i);
    place.current?.querySelector<SVGElement>(`[data-box="${i}"]`)?.focus();
  };
  const choose = (i: number): void => {
    setAt(i);
    const box = boxes[i];
    if (box?.scope !== undefined) onUnfold([...unfold, box.scope]);
    else if (box !== undefined) onSelect?.(box.id);
  };
  const zoomBy = (by: -1 | 0 | 1): void =>
    setZoom((before) => (by === 0 ? undefined : step(before ?? 1, by)));
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const zoomed = zoomKeys[event.key];
    if (zoomed !== undefined) zoomBy(zoomed);
    else if (event.key === "Enter" || event.key === " ") choose(here);
    else if (isWalkKey(event.key)) focus(walkTo(picture, here, event.key));
    else return;
    // The keys of the room around are others.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="graph">
      <Scroller label={picture.title}>
        <svg
          ref={place}
          viewBox={`${page.x} ${page.y} ${page.width} ${page.height}`}
          class={zoom === undefined ? "fit" : "zoomed"}
          width={page.width * (zoom ?? 1)}
          height={page.height * (zoom ?? 1)}
          style={{ minWidth: zoom === undefined ? `${page.width * LEAST}px` : undefined }}
          aria-label={`${picture.title}. ${picture.description} Arrow keys walk along the arrows, + and − zoom.`}
          onWheel={(event) => {
            // A pinch of two fingers on a touchpad comes as a wheel with Ctrl.
            if (!event.ctrlKey || event.deltaY === 0) return;
            event.preventDefault();
            turned.current += event.deltaY;
            if (Math.abs(turned.current) < PINCH) return;
            zoomBy(turned.current < 0 ? 1 : -1);
            turned.current = 0;
          }}
        >
          <Tips id={tips} />
          {frames.map((frame) => (
            <g key={frame.id} class="frame">
              <rect
                x={frame.x - frame.width / 2}
                y={frame.y - frame.height / 2}
                width={frame.width}
                height={frame.height}
                rx={8}
              />
            </g>
          ))}
          {edges.map((edge) => {
            const [from, to] = [boxes[edge.from]?.id ?? "", boxes[edge.to]?.id ?? ""];
            return (
              <GraphEdge
                key={`${from} ${to}`}
                edge={edge}
                tips={tips}
                class={edgeClass(from, to, marks)}
                onEnter={() => onEdge?.(from, to)}
                onLeave={() => onEdge?.(undefined, undefined)}
              />
            );
          })}
          {frames.map((frame) => (
            <FrameName
              key={frame.id}
              frame={frame}
              onFold={() => onUnfold(unfold.filter((one) => !isInside(one, frame.id)))}
            />
          ))}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: its boxes are what is focused. */}
          <g onKeyDown={press}>
            {boxes.map((box, i) => (
              <GraphBox
                key={box.id}
                box={box}
                index={i}
                marks={marks}
                reachable={i === here}
                onChoose={() => choose(i)}
                onEnter={() => onPoint?.(box.id)}
                onFocus={() => {
                  setAt(i);
                  onPoint?.(box.id);
                }}
                onLeave={() => onPoint?.(undefined)}
              />
            ))}
          </g>
        </svg>
      </Scroller>
      <div class="row zoom">
        <Button kind="quiet" label="Smaller" onClick={() => zoomBy(-1)}>
          −
        </Button>
        <Button kind="quiet" label="Fit the drawing" onClick={() => zoomBy(0)}>
          {zoom === undefined ? "fit" : `${Math.round(100 * zoom)} %`}
        </Button>
        <Button kind="quiet" label="Larger" onClick={() => zoomBy(1)}>
          +
        </Button>
      </div>
    </div>
  );
}

/** Scrolls a drawing that is wider than its place to the box that the eye is led to. */
function follow(
  svg: SVGSVGElement | null,
  picture: PlainPicture,
  current: ReadonlySet<string> | undefined,
): void {
  const scroller = svg?.parentElement;
  const at = picture.boxes.findIndex(({ id }) => current?.has(id));
  if (!scroller || at < 0 || scroller.scrollWidth <= scroller.clientWidth + 1) return;
  const box = svg.querySelector(`[data-box="${at}"]`)?.getBoundingClientRect();
  if (box === undefined) return;
  const { left, right } = scroller.getBoundingClientRect();
  if (box.left >= left && box.right <= right) return;
  scroller.scrollLeft += (box.left + box.right) / 2 - (left + right) / 2;
}

/** The next zoom below or above. */
function step(zoom: number, by: -1 | 1): number {
  const all = by > 0 ? ZOOMS.filter((one) => one > zoom) : ZOOMS.filter((one) => one < zoom);
  return (by > 0 ? all[0] : all.at(-1)) ?? zoom;
}

/** Whether a scope is another one or in it. */
function isInside(path: string, scope: string): boolean {
  return path === scope || path.startsWith(`${scope}/`);
}

function FrameName(props: {
  readonly frame: PlainPicture["frames"][number];
  readonly onFold: () => void;
}): JSX.Element {
  const { frame, onFold } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of HTML.
    <g
      class="frame-name"
      role="button"
      tabindex={0}
      aria-label={`fold ${frame.label}`}
      onClick={onFold}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onFold();
      }}
    >
      <text x={frame.x - frame.width / 2 + 8} y={frame.y - frame.height / 2 + 16} font-size={12}>
        {frame.label}
      </text>
    </g>
  );
}

/** Ends of arrows, by ids of their own in every graph of a page. */
function Tips({ id }: { readonly id: string }): JSX.Element {
  return (
    <defs>
      {["forward", "backward"].map((way) => (
        <marker
          key={way}
          id={`${id}-${way}`}
          class={`${way}-tip`}
          viewBox="0 0 8 8"
          refX={7.5}
          refY={4}
          markerWidth={8}
          markerHeight={8}
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0L8 4L0 8Z" />
        </marker>
      ))}
    </defs>
  );
}
