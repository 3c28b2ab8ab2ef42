import type { Position } from "../graph/options.ts";
import { overlap } from "./disjoint.ts";
import type { LayoutInput, Place, Placed } from "./layout.ts";

/** Free room between a pinned box and one that gives way. */
const AIR = 14;

/**
 * Pinned boxes stand where they are told; all others move with them, and aside where they would
 * overlap. Edges go straight then, their labels where there is room beside the middle.
 */
export function pinBoxes(
  { edges, labels, direction }: LayoutInput,
  free: Placed,
  pins: readonly (Position | undefined)[],
): Placed {
  const shift = meanShift(free.boxes, pins);
  const taken = new Grid();
  const boxes: Place[] = free.boxes.map((box, i) => ({ ...box, ...(pins[i] ?? box) }));
  boxes.forEach((box, i) => {
    if (pins[i] !== undefined) taken.add(box);
  });
  boxes.forEach((box, i) => {
    if (pins[i] !== undefined) return;
    const wished = { ...box, x: box.x + shift.x, y: box.y + shift.y };
    boxes[i] = taken.place(wished, direction === "LR" ? "y" : "x");
  });
  const placed = labels.map((size, i): Place | undefined => {
    if (size === undefined) return undefined;
    const { from, to } = edges[i] as LayoutInput["edges"][number];
    const [a, b] = [boxes[from] as Place, boxes[to] as Place];
    return taken.place(
      { ...size, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      direction === "LR" ? "y" : "x",
    );
  });
  return {
    boxes,
    labels: placed,
    ways: placed.map((label) => {
      if (label === undefined) return [];
      const { x, y, width, height } = label;
      return direction === "LR"
        ? [
            { x: x - width / 2, y },
            { x: x + width / 2, y },
          ]
        : [
            { x, y: y - height / 2 },
            { x, y: y + height / 2 },
          ];
    }),
  };
}

function meanShift(boxes: readonly Place[], pins: readonly (Position | undefined)[]): Position {
  let [x, y, count] = [0, 0, 0];
  pins.forEach((pin, i) => {
    if (pin === undefined) return;
    const box = boxes[i] as Place;
    x += pin.x - box.x;
    y += pin.y - box.y;
    count++;
  });
  // Whole units, so that a picture that was only moved stays the same.
  return { x: Math.round(x / count), y: Math.round(y / count) };
}

/** Side of a cell: about a box. */
const CELL = 128;

/** Rectangles by the cells that they touch. */
class Grid {
  readonly #cells = new Map<string, Place[]>();

  add(place: Place): void {
    for (const key of cellsOf(place)) {
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [place]);
      else cell.push(place);
    }
  }

  /** The nearest free place along one axis, which is taken then. */
  place(wished: Place, axis: "x" | "y"): Place {
    const before = this.#slide(wished, axis, -1);
    const behind = this.#slide(wished, axis, 1);
    const near = wished[axis] - before[axis] < behind[axis] - wished[axis] ? before : behind;
    this.add(near);
    return near;
  }

  /** Each step passes the obstacle met, so the walk ends behind the last one. */
  #slide(wished: Place, axis: "x" | "y", sign: 1 | -1): Place {
    const size = axis === "x" ? "width" : "height";
    let at = wished;
    for (;;) {
      const hit = this.#hit(at);
      if (hit === undefined) return at;
      at = { ...at, [axis]: hit[axis] + sign * ((hit[size] + at[size]) / 2 + AIR) };
    }
  }

  #hit(place: Place): Place | undefined {
    for (const key of cellsOf(place)) {
      for (const other of this.#cells.get(key) ?? []) if (overlap(place, other)) return other;
    }
    return undefined;
  }
}

function* cellsOf({ x, y, width, height }: Place): Generator<string> {
  for (let i = Math.floor((x - width / 2) / CELL); i <= Math.floor((x + width / 2) / CELL); i++) {
    for (
      let j = Math.floor((y - height / 2) / CELL);
      j <= Math.floor((y + height / 2) / CELL);
      j++
    ) {
      yield `${i} ${j}`;
    }
  }
}
