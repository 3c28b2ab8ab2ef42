/** Drawings as data and as SVG, without what other formats need. */
export type { DrawingOptions, PictureOptions, Position } from "../graph/options.ts";
export type { Frame as PictureFrame } from "../layout/frames.ts";
export { type GraphLayout, graphLayout, type PlacedBox } from "../layout/graphLayout.ts";
export { type GraphPictureOptions, graphPicture } from "../picture/graphPicture.ts";
export type { Picture, PictureBox, PictureEdge, PictureText } from "../picture/picture.ts";
export { type SvgOptions, toSvg } from "../svg/toSvg.ts";
