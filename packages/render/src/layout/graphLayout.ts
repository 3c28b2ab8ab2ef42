import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { Box } from "../graph/drawing.ts";
import type { PictureOptions, Position } from "../graph/options.ts";
import { layoutDrawing, type Place } from "./layout.ts";

/** A box of a picture. */
export interface PlacedBox extends Position {
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly kind: "input" | "constant" | "operation" | "scope";
  /** What the box stands for; `undefined` for a folded scope, which is known by its name. */
  readonly node: Expr | undefined;
  /** By which `unfold` opens a folded scope. */
  readonly scope: string | undefined;
}

/** Where the boxes of a picture stand. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  /** Given to a later picture of the same graph or an edited one, boxes keep their places. */
  readonly positions: Readonly<Record<string, Position>>;
}

/** The places that `toSvg`, `toTikz` and their like give to boxes. */
export function graphLayout(target: Expr | Program, options: PictureOptions = {}): GraphLayout {
  const drawing = draw(target, options);
  const { boxes, page } = layoutDrawing(drawing, options.positions);
  const places = drawing.boxes.map((box: Box, i): readonly [Box, Place] => [
    box,
    boxes[i] as Place,
  ]);
  return {
    width: page.width,
    height: page.height,
    boxes: places.map(([{ name, kind, node, id }, place]) => ({
      ...place,
      name,
      kind,
      node,
      scope: kind === "scope" ? id : undefined,
    })),
    positions: Object.fromEntries(places.map(([{ key }, { x, y }]) => [key, { x, y }])),
  };
}
