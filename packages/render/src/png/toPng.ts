import { ArgumentError, type Expr, type Program } from "@chainrule/core";
import type { Theme } from "../svg/palette.ts";
import { type SvgOptions, toSvg } from "../svg/toSvg.ts";
import { packageFile } from "./packageFile.ts";

/** Options of `toPng`. */
export interface PngOptions extends Omit<SvgOptions, "theme" | "width"> {
  /** Width in pixels; by default twice that of the SVG, for sharp slides. */
  readonly width?: number;
  readonly theme?: Exclude<Theme, "auto">;
  /** `index_bg.wasm` of @resvg/resvg-wasm; found by itself in Node. */
  readonly wasm?: Uint8Array;
  /** A font file; DejaVu Sans, found by itself in Node. */
  readonly font?: Uint8Array;
}

/** Pixels of the picture to one of the layout. */
const SHARPNESS = 2;

/** A wider picture would take gigabytes. */
const WIDEST = 16_384;

/**
 * A graph as PNG, with the fonts of this package alone, so that every machine gives the same picture.
 *
 * In a page the two files must be given, since only Node finds them.
 * Throws ArgumentError where a file is missing or the picture would be too large.
 */
export async function toPng(target: Expr | Program, options: PngOptions = {}): Promise<Uint8Array> {
  const { width, theme = "light", wasm, font, ...rest } = options;
  if (width !== undefined && !(width >= 1 && width <= WIDEST)) {
    throw new ArgumentError(`toPng: width must be 1 to ${WIDEST} pixels, got ${width}`);
  }
  const svg = toSvg(target, { ...rest, theme });
  return pngOfSvg(svg, { width, wasm, font });
}

/** An SVG of `toSvg` as PNG. */
export async function pngOfSvg(
  svg: string,
  { width, wasm, font }: { readonly [K in "width" | "wasm" | "font"]: PngOptions[K] | undefined },
): Promise<Uint8Array> {
  const { Resvg } = await renderer(wasm);
  const fonts = [
    font ?? (await packageFile("toPng", "font", "dejavu-fonts-ttf/ttf/DejaVuSans.ttf")),
  ];
  const natural = Number(/^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1]);
  const value = Math.min(WIDEST, Math.round(width ?? SHARPNESS * natural));
  const image = new Resvg(svg, {
    fitTo: { mode: "width", value },
    font: { fontBuffers: fonts, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  });
  try {
    return image.render().asPng();
  } finally {
    image.free();
  }
}

type Renderer = typeof import("@resvg/resvg-wasm");

let ready: Promise<Renderer> | undefined;

/** The renderer starts once; a failed start may be tried again. */
function renderer(wasm: Uint8Array | undefined): Promise<Renderer> {
  ready ??= start(wasm).catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

async function start(wasm: Uint8Array | undefined): Promise<Renderer> {
  const module = await import("@resvg/resvg-wasm");
  const bytes = wasm ?? (await packageFile("toPng", "wasm", "@resvg/resvg-wasm/index_bg.wasm"));
  await module.initWasm(bytes);
  return module;
}
