import type { Expr } from "@chainrule/core";
import {
  type DrawingOptions,
  toDot,
  toHtml,
  toMermaid,
  toPng,
  toSvg,
  toTikz,
} from "@chainrule/render";
import type { Request } from "./request.ts";

/** The formats that draw the graph as text. */
export type PictureFormat = "dot" | "svg" | "tikz" | "mermaid" | "html";

type Draw = (target: Expr, options: DrawingOptions) => string;

const pictures: Readonly<Record<PictureFormat, Draw>> = {
  dot: toDot,
  svg: toSvg,
  tikz: toTikz,
  mermaid: toMermaid,
  html: toHtml,
};

/** The graph of a request, with its numbers where it has values. */
export function pictureOf(request: Request, format: PictureFormat): string {
  return pictures[format](request.output, drawingOptions(request));
}

/** The same as the bytes of a PNG. */
export function pngOf(request: Request): Promise<Uint8Array> {
  return toPng(request.output, drawingOptions(request));
}

function drawingOptions({ program, output, name, values, options }: Request): DrawingOptions {
  const names = new Map<Expr, string>(program.names);
  if (!names.has(output) && output.args.length > 0) names.set(output, name);
  return {
    names,
    ...(values === undefined ? {} : { values }),
    ...(options.digits === undefined ? {} : { digits: options.digits }),
    ...(options.merge === true ? { detail: "definitions" } : {}),
  };
}
