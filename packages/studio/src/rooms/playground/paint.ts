import { FIELD } from "../../training/fieldPoints.ts";
import type { SessionFacts } from "../../training/frame.ts";
import { type OwnPoint, REACH } from "../../training/trainingSettings.ts";

type Colour = readonly [red: number, green: number, blue: number];

/** The colours of a theme, as numbers. */
export interface Palette {
  readonly surface: Colour;
  readonly ink: Colour;
  /** Of the classes 0 to 3; of numbers, the first is below 0 and the second above. */
  readonly classes: readonly [Colour, Colour, Colour, Colour];
}

/** The colours of the page as they are now. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): Colour => {
    const text = style.getPropertyValue(name).trim().slice(1);
    // A build shortens #ffffff to #fff.
    const full = text.length === 3 ? [...text].map((digit) => digit + digit).join("") : text;
    const hex = Number.parseInt(full, 16);
    return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
  };
  return {
    surface: colour("--surface"),
    ink: colour("--ink"),
    classes: [colour("--path3"), colour("--value"), colour("--path1"), colour("--path2")],
  };
}

/** How far the surest place goes to its class's colour; points must stand out. */
const FULL = 0.62;

/** Paints what is decided over the square, a pixel a place; sharp: each place as if the network were sure. */
export function paintField(
  canvas: HTMLCanvasElement,
  field: Float32Array,
  { classes, depth }: Pick<SessionFacts, "classes" | "depth">,
  colours: Palette,
  sharp = false,
): void {
  paint(canvas, FIELD, (at) => {
    if (depth === 1) {
      const value = field[at] ?? 0;
      const signed = classes === 0 ? value : 2 * value - 1;
      return mixed(colours, signed > 0 ? 1 : 0, sharp ? 1 : Math.abs(signed));
    }
    let best = 0;
    for (let i = 1; i < depth; i++) {
      if ((field[at * depth + i] ?? 0) > (field[at * depth + best] ?? 0)) best = i;
    }
    const share = field[at * depth + best] ?? 0;
    return mixed(colours, best, sharp ? 1 : (share - 1 / depth) / (1 - 1 / depth));
  });
}

/** Paints what a unit gives over the square: above 0 in one colour, below in the other. */
export function paintUnit(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  { unit, of }: { readonly unit: number; readonly of: number },
  colours: Palette,
  sharp = false,
): void {
  const count = values.length / of;
  let largest = 1e-9;
  for (let i = 0; i < count; i++) {
    largest = Math.max(largest, Math.abs(values[i * of + unit] ?? 0));
  }
  paint(canvas, Math.round(Math.sqrt(count)), (at) => {
    const value = (values[at * of + unit] ?? 0) / largest;
    return mixed(colours, value > 0 ? 1 : 0, sharp ? 1 : 1.3 * Math.abs(value));
  });
}

/** Draws points by class, in colour and in form; those held out are hollow. */
export function paintPoints(
  canvas: HTMLCanvasElement,
  { training, validation, classes }: Pick<SessionFacts, "training" | "validation" | "classes">,
  colours: Palette,
  { held, radius }: { readonly held: boolean; readonly radius: number },
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.lineWidth = Math.max(1, radius / 3);
  for (const point of training) {
    pointPath(context, canvas.width, point, classes, radius);
    context.fillStyle = css(colourOf(point, classes, colours));
    context.strokeStyle = css(colours.surface);
    context.fill();
    context.stroke();
  }
  if (!held) return;
  context.lineWidth = Math.max(1.5, radius / 2.2);
  for (const point of validation) {
    pointPath(context, canvas.width, point, classes, radius);
    context.fillStyle = css(colours.surface);
    context.strokeStyle = css(colourOf(point, classes, colours));
    context.fill();
    context.stroke();
  }
}

/** Circles, squares, triangles and diamonds: colours alone would not do. */
function pointPath(
  context: CanvasRenderingContext2D,
  side: number,
  [x, y, value]: OwnPoint,
  classes: number,
  radius: number,
): void {
  const [cx, cy] = [((x / REACH + 1) / 2) * side, ((1 - y / REACH) / 2) * side];
  const form = classes === 0 ? 0 : value;
  context.beginPath();
  if (form === 1) {
    const half = radius * 0.88;
    context.rect(cx - half, cy - half, 2 * half, 2 * half);
  } else if (form === 0) context.arc(cx, cy, radius, 0, 2 * Math.PI);
  else {
    const corners = form === 2 ? 3 : 4;
    for (let i = 0; i < corners; i++) {
      const angle = (2 * Math.PI * i) / corners - Math.PI / 2;
      context.lineTo(cx + 1.25 * radius * Math.cos(angle), cy + 1.25 * radius * Math.sin(angle));
    }
    context.closePath();
  }
}

function colourOf([, , value]: OwnPoint, classes: number, { classes: list, ink }: Palette): Colour {
  if (classes > 0) return list[value] ?? ink;
  const strength = 0.25 + 0.75 * Math.min(1, Math.abs(value));
  return blend(ink, value > 0 ? list[1] : list[0], strength);
}

function paint(canvas: HTMLCanvasElement, side: number, colour: (at: number) => Colour): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  if (canvas.width !== side) {
    canvas.width = side;
    canvas.height = side;
  }
  const image = context.createImageData(side, side);
  for (let at = 0; at < side * side; at++) {
    const [red, green, blue] = colour(at);
    image.data[4 * at] = red;
    image.data[4 * at + 1] = green;
    image.data[4 * at + 2] = blue;
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** From the page's surface to the colour of a class. */
function mixed({ surface, classes }: Palette, index: number, strength: number): Colour {
  const share = FULL * Math.min(1, Math.max(0, strength)) ** 0.7;
  return blend(surface, classes[index] ?? classes[0], share);
}

function blend(from: Colour, to: Colour, share: number): Colour {
  const part = (i: 0 | 1 | 2): number => from[i] + (to[i] - from[i]) * share;
  return [part(0), part(1), part(2)];
}

function css([red, green, blue]: Colour): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`;
}
