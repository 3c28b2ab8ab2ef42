import type { JSX } from "preact";
import type { ChartScale } from "./chartScale.ts";

/** A point that is dragged along a line, with the pointer or by arrow keys. */
export interface HandleProps {
  readonly label: string;
  /** Where it is. */
  readonly x: number;
  readonly y: number;
  readonly min: number;
  readonly max: number;
  /** How far an arrow key moves it; with Shift ten times as far. */
  readonly step: number;
  /** What is said of its place. */
  readonly text: string;
  readonly onMove: (x: number) => void;
}

/** The point, and the field in which a pointer moves it. */
export function ChartHandle(props: HandleProps & { readonly scale: ChartScale }): JSX.Element {
  const { label, x, y, min, max, step, text, onMove, scale } = props;
  const [cx, cy] = scale.at([x, y]);
  const move = (to: number): void => {
    const rounded = Number((Math.round(to / step) * step).toFixed(10));
    onMove(Math.min(max, Math.max(min, rounded)));
  };
  const drag = (event: PointerEvent & { readonly currentTarget: SVGGElement }): void => {
    const field = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    if (field !== undefined) move(scale.xAt(event.clientX - field.left));
  };
  const press = (event: KeyboardEvent): void => {
    const to = keyTarget(event.key, x, event.shiftKey ? 10 * step : step, min, max);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(to);
  };
  return (
    <g
      class="handle"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event);
      }}
    >
      <rect
        class="field"
        x={scale.left}
        y={scale.top}
        width={scale.right - scale.left}
        height={scale.bottom - scale.top}
      />
      <circle
        class="grip"
        role="slider"
        tabindex={0}
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={x}
        aria-valuetext={text}
        cx={cx}
        cy={cy}
        r={9}
        onKeyDown={press}
      />
    </g>
  );
}

function keyTarget(
  key: string,
  x: number,
  step: number,
  min: number,
  max: number,
): number | undefined {
  if (key === "ArrowRight" || key === "ArrowUp") return x + step;
  if (key === "ArrowLeft" || key === "ArrowDown") return x - step;
  if (key === "PageUp") return x + 10 * step;
  if (key === "PageDown") return x - 10 * step;
  if (key === "Home") return min;
  return key === "End" ? max : undefined;
}
