import type { Drawing, Edge } from "../graph/drawing.ts";
import { EDGE_SIZE, lineHeight, TRACKS } from "../layout/boxSize.ts";
import type { Place } from "../layout/layout.ts";
import { coordinate, element } from "./element.ts";
import type { Pen } from "./pen.ts";
import { bends, beside, type Route } from "./routes.ts";
import { svgText } from "./svgText.ts";

/** An edge: the arrow forward, the dashed arrow back, and what stands beside them. */
export function svgEdge(pen: Pen, edge: Edge, route: Route, label: Place | undefined): string {
  const { id, palette, drawing } = pen;
  const both = drawing.derivatives && edge.steps.length > 0;
  const by = both ? TRACKS / 2 : 0;
  const strong = drawing.highlights && edge.highlighted;
  const line = (way: "forward" | "backward", points: Route): string =>
    element("path", {
      class: way,
      d: pathData(points, drawing.direction, way === "forward" ? -by : by),
      fill: "none",
      stroke: way === "forward" ? palette.line : palette.adjoint,
      "stroke-width": strong ? 2.4 : 1.3,
      "stroke-dasharray": way === "backward" ? "5 3" : undefined,
      "marker-end": `url(#${id}-${way})`,
    });
  const parts = [line("forward", beside(route, drawing.direction, -by))];
  if (both) parts.push(line("backward", [...beside(route, drawing.direction, by)].reverse()));
  if (label !== undefined) parts.push(...edgeLabel(pen, edge, label));
  return element(
    "g",
    { class: "edge", opacity: edge.highlighted ? undefined : pen.pale },
    parts.join(""),
  );
}

function pathData(route: Route, direction: Drawing["direction"], by: number): string {
  const at = ({ x, y }: { x: number; y: number }): string => `${coordinate(x)} ${coordinate(y)}`;
  let d = `M${at(route[0] as Route[number])}`;
  for (const { to, controls } of bends(route, direction, by)) {
    d += controls === undefined ? `L${at(to)}` : `C${at(controls[0])} ${at(controls[1])} ${at(to)}`;
  }
  return d;
}

/** The local derivative beside the forward arrow, what comes back beside the other. */
function edgeLabel({ palette, drawing }: Pen, { local, back }: Edge, label: Place): string[] {
  const horizontal = drawing.direction === "LR";
  const texts = [
    { content: local, kind: "ink", sign: -1, anchor: "end" },
    { content: back, kind: "adjoint", sign: 1, anchor: "start" },
  ] as const;
  return texts.map(({ content, kind, sign, anchor }) => {
    if (content === undefined) return "";
    const look = {
      class: kind === "ink" ? "halo" : "halo adjoint",
      fill: palette[kind],
      "font-size": EDGE_SIZE,
      stroke: palette.page,
      "stroke-width": 3,
      "paint-order": "stroke",
    };
    const off = sign * (TRACKS / 2 + (horizontal ? lineHeight(EDGE_SIZE) / 2 : 4));
    const place = horizontal
      ? { x: label.x, y: label.y + off + 0.35 * EDGE_SIZE, "text-anchor": "middle" }
      : { x: label.x + off, y: label.y + 0.35 * EDGE_SIZE, "text-anchor": anchor };
    return svgText(content, EDGE_SIZE, { ...look, ...place });
  });
}
