import { element } from "../svg/element.ts";
import { type Palette, paletteOf } from "../svg/palette.ts";
import { svgFigure } from "../svg/svgFigure.ts";
import { svgText } from "../svg/svgText.ts";
import { escapeXml } from "../text/cleanText.ts";
import { textWidth } from "../text/measure.ts";
import type { NeuronOptions } from "./options.ts";
import type { Circle, Line, Picture, Words } from "./picture.ts";

/** A network's picture as SVG with title, description, and colours for dark screens. */
export function pictureSvg(picture: Picture, options: NeuronOptions): string {
  const { theme = "auto", greyscale = false } = options;
  const id = (options.id ?? "network").replace(/[^\w-]/g, "-").replace(/^(?![A-Za-z_])/, "g");
  const palette = paletteOf(theme, greyscale);
  const { width, height, title, description } = picture;
  const dark = paletteOf("dark", greyscale);
  const style =
    theme === "auto" ? `@media (prefers-color-scheme:dark){${rules(`#${id}`, dark)}}` : "";
  const parts = [
    element("title", { id: `${id}-title` }, escapeXml(title)),
    element("desc", { id: `${id}-desc` }, escapeXml(description)),
    element("style", {}, style),
    element("rect", { class: "page", width, height, fill: palette.page }),
    ...picture.lines.map((line) => svgLine(line, palette)),
    ...picture.circles.map((circle) => svgCircle(circle, palette)),
    ...picture.words.map((words) => svgWords(words, palette)),
  ];
  return svgFigure(id, { width, height, shown: options.width }, parts);
}

function rules(scope: string, p: Palette): string {
  return [
    `${scope} .page{fill:${p.page}}`,
    `${scope} text{fill:${p.ink}}`,
    `${scope} text.faint{fill:${p.faint}}`,
    `${scope} .input{fill:${p.input};stroke:${p.line}}`,
    `${scope} .neuron{fill:${p.operation};stroke:${p.line}}`,
    `${scope} .output{fill:${p.output};stroke:${p.line}}`,
    `${scope} .dots{fill:${p.faint}}`,
    `${scope} .plain,${scope} .arrow{stroke:${p.line}}`,
    `${scope} .tip{fill:${p.line}}`,
    `${scope} .positive{stroke:${p.value}}`,
    `${scope} .negative{stroke:${p.adjoint}}`,
  ].join("");
}

function svgCircle({ kind, x, y, radius }: Circle, palette: Palette): string {
  const place = { class: kind, cx: x, cy: y, r: radius };
  if (kind === "dots") return element("circle", { ...place, fill: palette.faint });
  const fill = palette[kind === "neuron" ? "operation" : kind];
  return element("circle", { ...place, fill, stroke: palette.line, "stroke-width": 1.4 });
}

function svgLine({ kind, from, to, width }: Line, palette: Palette): string {
  const stroke = { positive: palette.value, negative: palette.adjoint };
  const line = element("line", {
    class: kind,
    x1: from[0],
    y1: from[1],
    x2: kind === "arrow" ? to[0] - 6 : to[0],
    y2: to[1],
    stroke: kind === "positive" || kind === "negative" ? stroke[kind] : palette.line,
    "stroke-width": width,
    "stroke-dasharray": kind === "negative" ? "6 4" : undefined,
  });
  if (kind !== "arrow") return line;
  const d = `M${to[0] - 9} ${to[1] - 4}l9 4l-9 4Z`;
  return line + element("path", { class: "tip", d, fill: palette.line });
}

function svgWords({ text, x, y, size, kind }: Words, palette: Palette): string {
  const label = svgText(text, size, {
    class: kind === "ink" ? undefined : kind,
    x,
    y: y + 0.35 * size,
    "font-size": size,
    "text-anchor": "middle",
    fill: kind === "faint" ? palette.faint : palette.ink,
  });
  if (kind !== "label") return label;
  const width = textWidth(text, size) + 4;
  const box = { x: x - width / 2, y: y - 0.6 * size, width, height: 1.2 * size };
  return element("rect", { class: "page", ...box, fill: palette.page }) + label;
}
