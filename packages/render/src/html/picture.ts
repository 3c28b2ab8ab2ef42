import type { Drawing } from "../graph/drawing.ts";
import { layoutDrawing } from "../layout/layout.ts";
import { element } from "../svg/element.ts";
import type { PageLinks } from "../svg/pen.ts";
import { drawSvg, type SvgOptions } from "../svg/toSvg.ts";

/** A drawing as a picture of a page, which scrolls where it is wider than the window; and what is below it. */
export function pictureOf(
  drawing: Drawing,
  options: SvgOptions,
  links: PageLinks,
  below: string,
): string {
  const layout = layoutDrawing(drawing, options.positions);
  const svg = drawSvg(drawing, layout, options, links);
  const width = Math.round(options.width ?? layout.page.width);
  const picture = element("div", { class: "picture" }, svg.trim());
  return element("div", { class: "pictures", style: `--width:${width}px` }, picture + below);
}
