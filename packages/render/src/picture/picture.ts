import type { Expr } from "@chainrule/core";
import type { Box, Drawing, Edge } from "../graph/drawing.ts";
import type { Position } from "../graph/options.ts";
import { speak } from "../graph/speak.ts";
import { EDGE_SIZE, lineHeight, type SetLine, type Size, TRACKS } from "../layout/boxSize.ts";
import type { Frame } from "../layout/frames.ts";
import type { Layout, Place } from "../layout/layout.ts";
import { bends, beside, type Route, routeEdges } from "../layout/routes.ts";
import { coordinate } from "../number/coordinate.ts";
import { isMeasured, textWidth } from "../text/measure.ts";

/** A line of text on its base line. */
export interface PictureText extends Position {
  readonly role: SetLine["role"] | "local" | "back";
  readonly text: string;
  /** Size of the font. */
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
  /** The room the text must be fitted into, where its characters' widths are not known. */
  readonly fit: number | undefined;
}

/** A box by its middle: a node, or a folded scope. */
export interface PictureBox extends Place {
  /** The node's name, or the scope's path; no two boxes have the same. */
  readonly id: string;
  /** What stays the same when the graph is edited elsewhere: a box's name among `positions`. */
  readonly key: string;
  readonly kind: Box["kind"];
  readonly output: boolean;
  readonly highlighted: boolean;
  readonly texts: readonly PictureText[];
  /** What a screen reader says of it. */
  readonly spoken: string;
  /** What it stands for; `undefined` for a folded scope. */
  readonly node: Expr | undefined;
  /** By which `unfold` opens a folded scope. */
  readonly scope: string | undefined;
}

/** An arrow from an argument to its user, and the one that leads back. */
export interface PictureEdge {
  /** Positions among the boxes. */
  readonly from: number;
  readonly to: number;
  /** Data of SVG paths. */
  readonly forward: string;
  readonly backward: string | undefined;
  readonly texts: readonly PictureText[];
  readonly highlighted: boolean;
}

/** Everything a drawing shows, each with its place. */
export interface Picture {
  readonly title: string;
  /** One sentence for those who cannot see it. */
  readonly description: string;
  /** The page: its left upper corner and its size. */
  readonly page: Position & Size;
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly PictureEdge[];
  /** Open scopes, outer ones first. */
  readonly frames: readonly Frame[];
  readonly direction: Drawing["direction"];
  /** Whether something is highlighted, and the rest pale. */
  readonly highlights: boolean;
  /** Given to a later picture of the same graph or an edited one, boxes keep their places. */
  readonly positions: Readonly<Record<string, Position>>;
}

/** A drawing with places as a picture. */
export function pictureOf(drawing: Drawing, layout: Layout): Picture {
  const { title, description, direction, highlights } = drawing;
  const routes = routeEdges(drawing, layout);
  const boxes = drawing.boxes.map((box, i) =>
    pictureBox(box, layout.boxes[i] as Place, layout.lines[i] as readonly SetLine[]),
  );
  return {
    title,
    description,
    page: layout.page,
    boxes,
    edges: drawing.edges.map((edge, i) =>
      pictureEdge(drawing, edge, routes[i] as Route, layout.labels[i]),
    ),
    frames: layout.frames,
    direction,
    highlights,
    positions: Object.fromEntries(boxes.map(({ key, x, y }) => [key, { x, y }])),
  };
}

function pictureBox(box: Box, place: Place, lines: readonly SetLine[]): PictureBox {
  const { id, key, kind, output, highlighted, node } = box;
  let at = place.y - lines.reduce((sum, { size }) => sum + lineHeight(size), 0) / 2;
  const texts = lines.map(({ role, text, size }) => {
    at += lineHeight(size);
    return setText(role, text, size, { x: place.x, y: at - 0.35 * size }, "middle");
  });
  return {
    ...place,
    id,
    key,
    kind,
    output,
    highlighted,
    texts,
    spoken: speak(box),
    node,
    scope: kind === "scope" ? id : undefined,
  };
}

function pictureEdge(
  { derivatives, direction }: Drawing,
  edge: Edge,
  route: Route,
  label: Place | undefined,
): PictureEdge {
  const both = derivatives && edge.steps.length > 0;
  const by = both ? TRACKS / 2 : 0;
  const { from, to, highlighted } = edge;
  return {
    from,
    to,
    forward: pathData(beside(route, direction, -by), direction, -by),
    backward: both
      ? pathData([...beside(route, direction, by)].reverse(), direction, by)
      : undefined,
    texts: label === undefined ? [] : edgeTexts(edge, label, direction),
    highlighted,
  };
}

/** The local derivative beside the forward arrow, what comes back beside the other. */
function edgeTexts(
  { local, back }: Edge,
  label: Place,
  direction: Drawing["direction"],
): PictureText[] {
  const horizontal = direction === "LR";
  const out: PictureText[] = [];
  const sides = [
    ["local", local, -1, "end"],
    ["back", back, 1, "start"],
  ] as const;
  for (const [role, text, sign, anchor] of sides) {
    if (text === undefined) continue;
    const off = sign * (TRACKS / 2 + (horizontal ? lineHeight(EDGE_SIZE) / 2 : 4));
    const at = horizontal
      ? { x: label.x, y: label.y + off + 0.35 * EDGE_SIZE }
      : { x: label.x + off, y: label.y + 0.35 * EDGE_SIZE };
    out.push(setText(role, text, EDGE_SIZE, at, horizontal ? "middle" : anchor));
  }
  return out;
}

function setText(
  role: PictureText["role"],
  text: string,
  size: number,
  { x, y }: Position,
  anchor: PictureText["anchor"],
): PictureText {
  const fit = isMeasured(text) ? undefined : textWidth(text, size);
  return { role, text, size, x, y, anchor, fit };
}

function pathData(route: Route, direction: Drawing["direction"], by: number): string {
  const at = ({ x, y }: Position): string => `${coordinate(x)} ${coordinate(y)}`;
  let d = `M${at(route[0] as Position)}`;
  for (const { to, controls } of bends(route, direction, by)) {
    d += controls === undefined ? `L${at(to)}` : `C${at(controls[0])} ${at(controls[1])} ${at(to)}`;
  }
  return d;
}
