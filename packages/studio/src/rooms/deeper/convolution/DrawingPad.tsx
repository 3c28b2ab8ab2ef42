import { strokeCurve } from "@chainrule/nn";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Announcer } from "../../../design/index.ts";
import { begun, type Drawing, extended, pointsOf } from "./strokes.ts";

/** What the pad takes. */
export interface PadProps {
  readonly drawing: Drawing;
  readonly onDraw: (drawing: Drawing) => void;
}

/** How far an arrow key moves the pen: a pixel of what the reader sees. */
const STEP = 1 / 16;

/** A sheet to draw on, with a pointer or, by arrow keys and Space, with a pen. */
export function DrawingPad({ drawing, onDraw }: PadProps): JSX.Element {
  const [pen, setPen] = useState({ x: 0.5, y: 0.5, down: false });
  const [focused, setFocused] = useState(false);
  // Several moves may come before the page is drawn again.
  const latest = useRef(drawing);
  latest.current = drawing;
  const draw = (next: Drawing): void => {
    latest.current = next;
    onDraw(next);
  };
  const place = (event: PointerEvent & { readonly currentTarget: HTMLButtonElement }) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height] as const;
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === " ") {
      event.preventDefault();
      if (!pen.down) draw(begun(latest.current, pen.x, pen.y));
      setPen({ ...pen, down: !pen.down });
      return;
    }
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const [x, y] = [kept(pen.x + STEP * by[0]), kept(pen.y + STEP * by[1])];
    setPen({ ...pen, x, y });
    if (pen.down) draw(extended(latest.current, x, y));
  };
  return (
    <div role="application" aria-label="Drawing">
      <button
        type="button"
        class="paper"
        aria-label="Sheet to draw a digit on: arrow keys move the pen, Space sets it down and lifts it"
        onKeyDown={press}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          draw(begun(latest.current, ...place(event)));
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId))
            draw(extended(latest.current, ...place(event)));
        }}
      >
        <svg class="pad" viewBox="0 0 1 1" aria-hidden="true">
          <rect width={1} height={1} />
          {drawing.map((stroke, i) => (
            <path key={i} d={lineOf(stroke)} />
          ))}
          {focused ? (
            <circle class={pen.down ? "pen down" : "pen"} cx={pen.x} cy={pen.y} r={0.03} />
          ) : undefined}
        </svg>
      </button>
      <Announcer
        text={
          focused ? `pen ${pen.down ? "down" : "up"} at ${percent(pen.x)}, ${percent(pen.y)}` : ""
        }
      />
    </div>
  );
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function kept(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}

/** The curve that is drawn for the reader; a dot is a line too short to be seen, with round ends. */
function lineOf(stroke: readonly number[]): string {
  const points = pointsOf(stroke);
  const line = points.length === 1 ? [...points, ...points] : strokeCurve(points, PIECES);
  return `M${line.map(([x, y]) => `${x.toFixed(4)} ${y.toFixed(4)}`).join("L")}`;
}

/** Lines between two points of a stroke: examples have few points, hands leave many. */
const PIECES = 10;
