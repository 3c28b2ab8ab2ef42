import { coordinate } from "../number/coordinate.ts";
import { element } from "./element.ts";
import { FONTS } from "./svgStyle.ts";

/** A picture's own sizes, and how wide it is shown. */
export interface FigureSize {
  readonly width: number;
  readonly height: number;
  readonly shown: number | undefined;
}

/** The SVG file of a still picture, whose first parts are the title `id-title` and the description `id-desc`. */
export function svgFigure(
  id: string,
  { width, height, shown = width }: FigureSize,
  parts: readonly string[],
): string {
  const head = {
    xmlns: "http://www.w3.org/2000/svg",
    id,
    role: "img",
    "aria-labelledby": `${id}-title ${id}-desc`,
    width: shown,
    height: (height * shown) / width,
    viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
    "font-family": FONTS,
  };
  return `${element("svg", head, `\n${parts.join("\n")}\n`)}\n`;
}
