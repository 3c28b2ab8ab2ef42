import { ArgumentError, evaluate, grad, toText } from "@chainrule/core";
import { ticks } from "d3-array";
import { contours } from "d3-contour";
import { cleanText, shorten } from "../text/cleanText.ts";
import type { Chart, Level, Point } from "./chart.ts";
import type { FieldFigure, Interval } from "./figure.ts";
import { checkInterval, checkScalar, variableName } from "./functionChart.ts";
import { rangeOf } from "./range.ts";
import { places } from "./sampleCurve.ts";

/** Samples a side for level lines, and arrows a side. */
const GRID = 60;
const ARROWS = 13;

/** The chart of level lines and gradients. */
export function fieldChart({ f, by, gradient, domain, values = {} }: FieldFigure): Chart {
  checkScalar(f);
  const [xName, yName] = [variableName(by[0]), variableName(by[1])];
  if (xName === yName)
    throw new ArgumentError(`plot: two variables are needed, got ${xName} twice`);
  const [across, up] =
    domain ??
    ([
      [-3, 3],
      [-3, 3],
    ] as const);
  checkInterval("domain", across);
  checkInterval("domain", up);
  const partials = gradient === undefined ? grad(f, [by[0], by[1]]) : gradient;
  const bindings = (x: number, y: number) => ({ ...values, [xName]: x, [yName]: y });
  const heights: number[] = [];
  for (const y of places(up, GRID)) {
    for (const x of places(across, GRID)) {
      const height = Number(evaluate(f, bindings(x, y)));
      heights.push(Number.isFinite(height) ? height : Number.NaN);
    }
  }
  const text = shorten(toText(f), 48);
  const [short, other] = [shorten(cleanText(xName), 12), shorten(cleanText(yName), 12)];
  const arrows =
    partials === false
      ? []
      : arrowsOf((x, y) => evaluate(partials, bindings(x, y)).map(Number), across, up);
  const notes = arrows.length === 0 ? [] : ["arrows: gradient, longer where it is steeper"];
  return {
    title: text,
    description: `Level lines${arrows.length === 0 ? "" : " and gradients"} of ${text} by ${short} and ${other}.`,
    x: { name: short, interval: across },
    y: { name: other, interval: up },
    curves: [],
    points: [],
    levels: levelsOf(heights, across, up),
    arrows,
    notes: [...notes, "lines of equal value; darker is higher"],
    square: true,
  };
}

function levelsOf(heights: readonly number[], across: Interval, up: Interval): readonly Level[] {
  const side = GRID + 1;
  const make = contours().size([side, side]);
  const data = [...heights];
  // Cells of the grid are 1 wide with their value in the middle.
  const at = ([x = 0, y = 0]: readonly number[]): Point => [
    across[0] + ((across[1] - across[0]) * (x - 0.5)) / GRID,
    up[0] + ((up[1] - up[0]) * (y - 0.5)) / GRID,
  ];
  const [low, high] = rangeOf(heights);
  if (!heights.some(Number.isFinite)) return [];
  return ticks(low, high, 10).map((value) => {
    const rings = make.contour(data, value).coordinates.flat();
    const pieces = rings.flatMap((ring) => split(ring, heights));
    return {
      value,
      area: rings.map((ring) => ring.map(at)),
      pieces: pieces.map((piece) => piece.map(at)),
    };
  });
}

/** A ring without its ways along the rim and along what is not finite: no level runs there. */
function split(
  ring: readonly (readonly number[])[],
  heights: readonly number[],
): readonly (readonly (readonly number[])[])[] {
  const inside = ([x = 0, y = 0]: readonly number[]): boolean => {
    if (Math.min(x, y) < 0.5 || Math.max(x, y) > GRID + 0.5) return false;
    const [column, row] = [x - 0.5, y - 0.5];
    return [Math.floor(row), Math.ceil(row)].every((r) =>
      [Math.floor(column), Math.ceil(column)].every((c) =>
        Number.isFinite(heights[r * (GRID + 1) + c]),
      ),
    );
  };
  const pieces: (readonly number[])[][] = [];
  let piece: (readonly number[])[] = [];
  for (const point of ring) {
    if (inside(point)) {
      piece.push(point);
      continue;
    }
    if (piece.length > 1) pieces.push(piece);
    piece = [];
  }
  if (piece.length > 1) pieces.push(piece);
  return pieces;
}

/** Arrows around their places; lengths by the root of the size, so that flat places show too. */
function arrowsOf(
  gradientAt: (x: number, y: number) => readonly number[],
  across: Interval,
  up: Interval,
): Chart["arrows"] {
  const [width, height] = [(across[1] - across[0]) / ARROWS, (up[1] - up[0]) / ARROWS];
  const found: { x: number; y: number; dx: number; dy: number; size: number }[] = [];
  for (let row = 0; row < ARROWS; row++) {
    for (let column = 0; column < ARROWS; column++) {
      const [x, y] = [across[0] + (column + 0.5) * width, up[0] + (row + 0.5) * height];
      const [dx = 0, dy = 0] = gradientAt(x, y);
      // In cells, so that the direction on paper is that of the step in both variables.
      const size = Math.hypot(dx / width, dy / height);
      if (Number.isFinite(size) && size > 0) found.push({ x, y, dx, dy, size });
    }
  }
  const sizes = found.map(({ size }) => size).sort((a, b) => a - b);
  const most = sizes[Math.floor(0.95 * (sizes.length - 1))] ?? 1;
  return found.map(({ x, y, dx, dy, size }) => {
    const by = (0.42 * Math.sqrt(Math.min(1, size / most))) / size;
    return { from: [x - dx * by, y - dy * by], to: [x + dx * by, y + dy * by] };
  });
}
