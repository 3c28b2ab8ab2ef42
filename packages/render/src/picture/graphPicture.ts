import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { PictureOptions } from "../graph/options.ts";
import { layoutDrawing } from "../layout/layout.ts";
import { type Picture, pictureOf } from "./picture.ts";

/** Options of `graphPicture`. */
export type GraphPictureOptions = Omit<PictureOptions, "greyscale">;

/**
 * A graph's drawing as data, everything that `toSvg` draws: boxes, arrows as paths, texts with their
 * places. For pages that draw by themselves and for other formats; all but `node` of a box is plain data.
 *
 * Throws BindingError for missing values, ArgumentError for unknown nodes or scopes in the options.
 */
export function graphPicture(target: Expr | Program, options: GraphPictureOptions = {}): Picture {
  const drawing = draw(target, options);
  return pictureOf(drawing, layoutDrawing(drawing, options.positions));
}
