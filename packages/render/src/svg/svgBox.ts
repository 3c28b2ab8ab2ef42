import type { Box } from "../graph/drawing.ts";
import { coordinate } from "../number/coordinate.ts";
import type { PictureBox } from "../picture/picture.ts";
import { element } from "./element.ts";
import type { Pen } from "./pen.ts";
import { svgText } from "./svgText.ts";

/** A box: its shape, and its lines as real text. */
export function svgBox(pen: Pen, index: number): string {
  const { id, palette, picture } = pen;
  const box = picture.boxes[index] as PictureBox;
  const { x, y, width, height, kind } = box;
  const shape = element("rect", {
    class: "shape",
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: kind === "input" ? Math.min(height / 2, 14) : 5,
    fill: box.output ? palette.output : palette[kind],
    stroke: palette.line,
    "stroke-width": box.output || (picture.highlights && box.highlighted) ? 2.2 : 1.2,
    "stroke-dasharray": kind === "constant" ? "3 2" : undefined,
  });
  const texts = box.texts.map(({ role, text, size, x, y, anchor }) => {
    const look =
      role === "value" || role === "adjoint"
        ? role
        : role === "name" || role === "formula"
          ? undefined
          : "faint";
    const fill = look === undefined ? palette.ink : palette[look];
    const place = { x, y, "font-size": size, fill, "text-anchor": anchor };
    return svgText(text, size, { class: look, ...place });
  });
  const opens = pen.page?.opens(pen.drawing.boxes[index] as Box);
  const attributes = {
    class: `box ${kind}${box.output ? " output" : ""}`,
    id: `${id}-box${index}`,
    role: opens === undefined ? "graphics-symbol" : "button",
    tabindex: 0,
    "aria-roledescription": kind,
    "aria-label": box.spoken,
    "data-from": pen.links?.[index]?.from.join(" "),
    "data-to": pen.links?.[index]?.to.join(" "),
    "data-opens": opens,
    "aria-controls": opens,
    "aria-expanded": opens && "false",
    opacity: box.highlighted ? undefined : pen.pale,
  };
  return element("g", attributes, shape + stack(pen, box) + texts.join(""));
}

/** A second border behind a folded scope: there is more in it. */
function stack({ palette }: Pen, { kind, x, y, width, height }: PictureBox): string {
  if (kind !== "scope") return "";
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
