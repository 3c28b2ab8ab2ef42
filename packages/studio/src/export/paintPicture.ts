import type { Picture, PictureEdge, PictureText } from "@chainrule/render/picture";

/** Pixels to one of the drawing: sharp on slides and in print. */
const SHARPNESS = 3;

/** Browsers refuse canvases that are larger. */
const WIDEST = 8192;

const FONTS = '"DejaVu Sans", Verdana, "Bitstream Vera Sans", sans-serif';

/** A picture as PNG, in the page's colours. Throws if the browser has no room for it. */
export async function paintPicture(picture: Picture): Promise<Blob> {
  const { page, boxes, edges, frames } = picture;
  const scale = Math.min(SHARPNESS, WIDEST / Math.max(page.width, page.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(page.width * scale);
  canvas.height = Math.ceil(page.height * scale);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("PNG: the browser has no room for a picture of this size");
  const colours = coloursOf(document.documentElement);
  context.scale(scale, scale);
  context.translate(-page.x, -page.y);
  context.fillStyle = colours.surface;
  context.fillRect(page.x, page.y, page.width, page.height);
  for (const { x, y, width, height, label } of frames) {
    round(context, x - width / 2, y - height / 2, width, height, 8);
    paint(context, colours.frame, colours.quiet, 0.5);
    context.fillStyle = colours.quiet;
    context.font = `12px ${FONTS}`;
    context.textAlign = "start";
    context.fillText(label, x - width / 2 + 8, y - height / 2 + 16);
  }
  for (const edge of edges) arrows(context, edge, colours);
  for (const box of boxes) {
    const { x, y, width, height, kind, output, texts } = box;
    const corner = kind === "input" ? Math.min(height / 2, 14) : 6;
    round(context, x - width / 2, y - height / 2, width, height, corner);
    context.setLineDash(kind === "constant" ? [3, 2] : []);
    paint(context, output ? colours.output : colours[kind], colours.edge, output ? 2.2 : 1.2);
    context.setLineDash([]);
    for (const text of texts) write(context, text, colours);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("PNG: the browser has no room for a picture of this size");
  return blob;
}

const roles = [
  "surface",
  "ink",
  "quiet",
  "edge",
  "value",
  "adjoint",
  "input",
  "constant",
  "operation",
  "output",
  "scope",
  "frame",
] as const;

type Colours = Readonly<Record<(typeof roles)[number], string>>;

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const pairs = roles.map((role) => [role, style.getPropertyValue(`--${role}`).trim()]);
  return Object.fromEntries(pairs) as Colours;
}

function round(
  context: CanvasRenderingContext2D,
  ...[x, y, width, height, radius]: readonly [number, number, number, number, number]
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
}

function paint(
  context: CanvasRenderingContext2D,
  fill: string,
  stroke: string,
  width: number,
): void {
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke();
}

function arrows(
  context: CanvasRenderingContext2D,
  { forward, backward, texts }: PictureEdge,
  colours: Colours,
): void {
  context.lineWidth = 1.3;
  arrow(context, forward, colours.edge);
  if (backward !== undefined) {
    context.setLineDash([5, 3]);
    arrow(context, backward, colours.adjoint);
  }
  for (const text of texts) {
    // Words stand out from the arrows that they cross.
    context.strokeStyle = colours.surface;
    context.lineWidth = 3;
    write(context, text, colours, true);
  }
}

function arrow(context: CanvasRenderingContext2D, d: string, colour: string): void {
  context.strokeStyle = colour;
  context.stroke(new Path2D(d));
  context.setLineDash([]);
  const numbers = d.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [fromX = 0, fromY = 0, x = 0, y = 0] = numbers.slice(-4);
  context.save();
  context.translate(x, y);
  context.rotate(Math.atan2(y - fromY, x - fromX));
  context.fillStyle = colour;
  context.fill(new Path2D("M-7.5 -4L0.5 0L-7.5 4Z"));
  context.restore();
}

function write(
  context: CanvasRenderingContext2D,
  { role, text, size, x, y, anchor, fit }: PictureText,
  colours: Colours,
  halo = false,
): void {
  const adjoint = role === "adjoint" || role === "back";
  const faint = role === "shape" || role === "count";
  context.font = `${size}px ${FONTS}`;
  context.textAlign = anchor === "middle" ? "center" : anchor;
  if (halo) context.strokeText(text, x, y, fit);
  context.fillStyle = adjoint
    ? colours.adjoint
    : role === "value"
      ? colours.value
      : faint
        ? colours.quiet
        : colours.ink;
  context.fillText(text, x, y, fit);
}
