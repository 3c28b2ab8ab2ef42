import type { JSX } from "preact";
import type { Pair } from "./attention.ts";

/** What the plane takes. */
export interface PlaneProps {
  readonly tokens: readonly string[];
  readonly query: Pair;
  readonly keys: readonly Pair[];
  /** How much each key is attended to. */
  readonly weights: readonly number[];
}

/** Half the side of the picture, and the room left for words at its rim. */
const [HALF, ROOM] = [150, 42];

/** The query as an arrow and the keys as points: what lies far along the arrow is attended to. */
export function Plane({ tokens, query, keys, weights }: PlaneProps): JSX.Element {
  const most = Math.max(0.1, ...[query, ...keys].flat().map(Math.abs));
  const at = ([x, y]: Pair): Pair => [((HALF - ROOM) * x) / most, (-(HALF - ROOM) * y) / most];
  const [qx, qy] = at(query);
  const angle = (Math.atan2(qy, qx) * 180) / Math.PI;
  return (
    <svg
      class="plane"
      viewBox={`${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`}
      role="img"
      aria-label="The query as an arrow from the middle, the keys as points, larger where they are attended to more"
    >
      <path class="axis" d={`M${-HALF} 0H${HALF}M0 ${-HALF}V${HALF}`} />
      {keys.map((key, j) => {
        const [x, y] = at(key);
        return (
          <g key={j} transform={`translate(${x} ${y})`}>
            <circle class="key" r={3.5 + 11 * (weights[j] ?? 0)} />
          </g>
        );
      })}
      <path class="query" d={`M0 0L${qx} ${qy}`} />
      <path class="tip" d="M0 0l-10 4v-8Z" transform={`translate(${qx} ${qy}) rotate(${angle})`} />
      {groups(keys).map((members) => {
        const [x, y] = at(keys[members[0] ?? 0] ?? [0, 0]);
        return (
          <text key={members.join()} x={x} y={y - 15} text-anchor="middle">
            {members.map((j) => tokens[j]).join(", ")}
          </text>
        );
      })}
      <text class="name" x={qx / 2} y={qy / 2 + 16} text-anchor="middle">
        q
      </text>
    </svg>
  );
}

/** Keys at one place bear their words together. */
function groups(keys: readonly Pair[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  keys.forEach((key, j) => {
    const place = key.map((one) => one.toFixed(2)).join();
    places.set(place, [...(places.get(place) ?? []), j]);
  });
  return [...places.values()];
}
