import type { PictureEdge, PictureText } from "../picture/picture.ts";
import { element } from "./element.ts";
import type { Pen } from "./pen.ts";
import { svgText } from "./svgText.ts";

/** An edge: the arrow forward, the dashed arrow back, and what stands beside them. */
export function svgEdge(pen: Pen, edge: PictureEdge): string {
  const { id, palette, picture } = pen;
  const strong = picture.highlights && edge.highlighted;
  const line = (way: "forward" | "backward", d: string): string =>
    element("path", {
      class: way,
      d,
      fill: "none",
      stroke: way === "forward" ? palette.line : palette.adjoint,
      "stroke-width": strong ? 2.4 : 1.3,
      "stroke-dasharray": way === "backward" ? "5 3" : undefined,
      "marker-end": `url(#${id}-${way})`,
    });
  const parts = [line("forward", edge.forward)];
  if (edge.backward !== undefined) parts.push(line("backward", edge.backward));
  parts.push(...edge.texts.map((text) => edgeText(pen, text)));
  return element(
    "g",
    { class: "edge", opacity: edge.highlighted ? undefined : pen.pale },
    parts.join(""),
  );
}

function edgeText({ palette }: Pen, label: PictureText): string {
  const { role, text, size, x, y, anchor } = label;
  return svgText(text, size, {
    class: role === "local" ? "halo" : "halo adjoint",
    fill: palette[role === "local" ? "ink" : "adjoint"],
    "font-size": size,
    stroke: palette.page,
    "stroke-width": 3,
    "paint-order": "stroke",
    x,
    y,
    "text-anchor": anchor,
  });
}
