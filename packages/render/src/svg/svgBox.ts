import type { Box } from "../graph/drawing.ts";
import { speak } from "../graph/speak.ts";
import { lineHeight, type SetLine } from "../layout/boxSize.ts";
import type { Place } from "../layout/layout.ts";
import { coordinate, element } from "./element.ts";
import type { Pen } from "./pen.ts";
import { svgText } from "./svgText.ts";

/** A box: its shape, and its lines as real text. */
export function svgBox(pen: Pen, box: Box, index: number): string {
  const { id, palette, layout, drawing } = pen;
  const { x, y, width, height } = layout.boxes[index] as Place;
  const shape = element("rect", {
    class: "shape",
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: box.kind === "input" ? Math.min(height / 2, 14) : 5,
    fill: box.output ? palette.output : palette[box.kind],
    stroke: palette.line,
    "stroke-width": box.output || (drawing.highlights && box.highlighted) ? 2.2 : 1.2,
    "stroke-dasharray": box.kind === "constant" ? "3 2" : undefined,
  });
  const lines = layout.lines[index] as readonly SetLine[];
  let at = y - lines.reduce((sum, { size }) => sum + lineHeight(size), 0) / 2;
  const texts = lines.map(({ role, text, size }) => {
    at += lineHeight(size);
    const kind =
      role === "value" || role === "adjoint"
        ? role
        : role === "name" || role === "formula"
          ? undefined
          : "faint";
    const fill = kind === undefined ? palette.ink : palette[kind];
    const place = { x, y: at - 0.35 * size, "font-size": size, fill, "text-anchor": "middle" };
    return svgText(text, size, { class: kind, ...place });
  });
  const opens = pen.page?.opens(box);
  const attributes = {
    class: `box ${box.kind}${box.output ? " output" : ""}`,
    id: `${id}-box${index}`,
    role: opens === undefined ? "graphics-symbol" : "button",
    tabindex: 0,
    "aria-roledescription": box.kind,
    "aria-label": speak(box),
    "data-from": pen.links?.[index]?.from.join(" "),
    "data-to": pen.links?.[index]?.to.join(" "),
    "data-opens": opens,
    "aria-controls": opens,
    "aria-expanded": opens && "false",
    opacity: box.highlighted ? undefined : pen.pale,
  };
  return element("g", attributes, shape + stack(pen, box, index) + texts.join(""));
}

/** A second border behind a folded scope: there is more in it. */
function stack({ palette, layout }: Pen, { kind }: Box, index: number): string {
  if (kind !== "scope") return "";
  const { x, y, width, height } = layout.boxes[index] as Place;
  const [left, top] = [x - width / 2, y - height / 2];
  const d = `M${coordinate(left + 4)} ${coordinate(top - 3)}H${coordinate(left + width + 3)}V${coordinate(top + height - 4)}`;
  return element("path", {
    class: "forward",
    d,
    fill: "none",
    stroke: palette.line,
    "stroke-width": 1.2,
  });
}
