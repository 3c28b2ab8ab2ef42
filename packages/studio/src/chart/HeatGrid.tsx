import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import "./heatGrid.css";

/** A square of a grid, some cells wide. */
export interface GridMark {
  readonly row: number;
  readonly column: number;
  readonly side: number;
}

/** What a grid takes. */
export interface HeatGridProps {
  readonly rows: readonly (readonly number[])[];
  /** What is seen, for those who hear it. */
  readonly label: string;
  /** The amount that is darkest; by default the largest there is. */
  readonly scale?: number | undefined;
  readonly mark?: GridMark | undefined;
  /** Called with the cell a pointer is on, while it is pressed or moves over the grid. */
  readonly onCell?: ((row: number, column: number) => void) | undefined;
}

/** Shades of a colour; finer steps look alike. */
const SHADES = 20;

/** Numbers as a field of colour: above 0 in the colour of values, below 0 in that of adjoints. */
export function HeatGrid({ rows, label, scale, mark, onCell }: HeatGridProps): JSX.Element {
  const [high, wide] = [rows.length, rows[0]?.length ?? 0];
  const shades = useMemo(() => shadesOf(rows, scale), [rows, scale]);
  const point = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left) / width) * wide);
    const row = Math.floor(((event.clientY - top) / height) * high);
    if (row >= 0 && row < high && column >= 0 && column < wide) onCell?.(row, column);
  };
  const moved = onCell === undefined ? {} : { onPointerDown: point, onPointerMove: point };
  return (
    <svg
      class={`heat-grid${onCell === undefined ? "" : " live"}`}
      viewBox={`0 0 ${wide} ${high}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
      {...moved}
    >
      <rect class="ground" width={wide} height={high} />
      {shades.map(([shade, d]) => (
        <path
          key={shade}
          class={shade > 0 ? "above" : "below"}
          fill-opacity={Math.abs(shade) / SHADES}
          d={d}
        />
      ))}
      {mark === undefined ? undefined : (
        <rect
          class="frame"
          x={mark.column}
          y={mark.row}
          width={mark.side}
          height={mark.side}
          vector-effect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

/** Cells of one shade as one path: a grid of hundreds of cells is a few elements. */
function shadesOf(
  rows: readonly (readonly number[])[],
  scale: number | undefined,
): readonly (readonly [number, string])[] {
  const most = scale ?? largestOf(rows);
  const paths = new Map<number, string>();
  rows.forEach((row, y) => {
    row.forEach((value, x) => {
      const share = Math.max(-1, Math.min(1, value / most));
      const shade = Math.round(share * SHADES);
      if (shade === 0 || !Number.isFinite(share)) return;
      paths.set(shade, `${paths.get(shade) ?? ""}M${x} ${y}h1v1h-1z`);
    });
  });
  return [...paths];
}

/** The largest amount, 1 where all is 0. */
export function largestOf(rows: readonly (readonly number[])[]): number {
  let most = 0;
  for (const row of rows) for (const value of row) most = Math.max(most, Math.abs(value));
  return most === 0 ? 1 : most;
}
