import type { PlotData, PlotPoint } from "@chainrule/render";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { ChartHandle, type HandleProps } from "./ChartHandle.tsx";
import { type ChartScale, chartScale, tickText } from "./chartScale.ts";
import { useWidth } from "./useWidth.ts";
import "./chart.css";

/** What a chart takes. */
export interface ChartProps {
  readonly data: PlotData;
  /** Height in pixels; 320 by default. */
  readonly height?: number | undefined;
  /** A point that can be dragged along a line. */
  readonly handle?: HandleProps | undefined;
  /** Whether the names of the lines stand below; by default they do. */
  readonly legend?: boolean | undefined;
}

/** A plot of render's as a picture of this page: its colours, its width, its letters. */
export function ChartView({ data, height = 320, handle, legend = true }: ChartProps): JSX.Element {
  const [place, width] = useWidth<HTMLDivElement>(560);
  const id = useId();
  const scale = chartScale(data, width, height);
  return (
    <figure class="chart">
      <div ref={place}>
        <svg
          role={handle === undefined ? "img" : "group"}
          aria-label={data.description}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
        >
          <clipPath id={`${id}-inside`}>
            <rect
              x={scale.left}
              y={scale.top}
              width={scale.right - scale.left}
              height={scale.bottom - scale.top}
            />
          </clipPath>
          <Axes data={data} scale={scale} />
          <g clip-path={`url(#${id}-inside)`}>
            {data.curves.map(({ name, look, pieces }) => (
              <path key={name} class={`curve look${look % 4}`} d={pathOf(pieces, scale)} />
            ))}
          </g>
          {handle === undefined ? (
            data.points.map(({ at, look }, i) => {
              const [cx, cy] = scale.at(at);
              return <circle key={i} class={`dot look${look % 4}`} cx={cx} cy={cy} r={5} />;
            })
          ) : (
            <ChartHandle {...handle} scale={scale} />
          )}
        </svg>
      </div>
      {legend ? <Legend data={data} /> : undefined}
    </figure>
  );
}

function pathOf(pieces: readonly (readonly PlotPoint[])[], scale: ChartScale): string {
  return pieces
    .filter((piece) => piece.length > 0)
    .map((piece) => `M${piece.map((point) => scale.at(point).map(short).join(" ")).join("L")}`)
    .join("");
}

function short(value: number): string {
  return value.toFixed(1);
}

function Axes({
  data,
  scale,
}: {
  readonly data: PlotData;
  readonly scale: ChartScale;
}): JSX.Element {
  const { left, right, top, bottom, at } = scale;
  const [x0] = data.x.interval;
  const [y0] = data.y.interval;
  const across = thinned(data.x.ticks, (right - left) / 44);
  const up = thinned(data.y.ticks, (bottom - top) / 28);
  return (
    <g class="axes">
      {across.map((tick) => {
        const [x] = at([tick, y0]);
        return (
          <g key={tick}>
            <path class={tick === 0 ? "zero" : "grid"} d={`M${short(x)} ${top}V${bottom}`} />
            <text x={x} y={bottom + 18} text-anchor="middle">
              {tickText(tick)}
            </text>
          </g>
        );
      })}
      {up.map((tick) => {
        const [, y] = at([x0, tick]);
        return (
          <g key={tick}>
            <path class={tick === 0 ? "zero" : "grid"} d={`M${left} ${short(y)}H${right}`} />
            <text x={left - 8} y={y + 4} text-anchor="end">
              {tickText(tick)}
            </text>
          </g>
        );
      })}
      <text class="name" x={right} y={bottom + 34} text-anchor="end">
        {data.x.name}
      </text>
    </g>
  );
}

/** Every second, third … number of an axis, as many as have room; 0 is kept where it is among them. */
function thinned(ticks: readonly number[], room: number): readonly number[] {
  const every = Math.max(1, Math.ceil(ticks.length / room));
  const zero = Math.max(0, ticks.indexOf(0));
  return ticks.filter((_, i) => (i - zero) % every === 0);
}

function Legend({ data }: { readonly data: PlotData }): JSX.Element {
  return (
    <figcaption class="legend">
      {data.curves.map(({ name, look }) => (
        <span key={name}>
          <svg width="28" height="8" aria-hidden="true">
            <path class={`curve look${look % 4}`} d="M1 4H27" />
          </svg>
          {name.replaceAll(/-(?=\d)/g, "−")}
        </span>
      ))}
    </figcaption>
  );
}
