import type { Program } from "@chainrule/core";
import {
  type GraphPictureOptions,
  graphPicture,
  type Picture,
  type PictureBox,
} from "@chainrule/render/picture";

/** How a graph is drawn; what `graphPicture` takes of plain data. */
export type PlainOptions = Pick<
  GraphPictureOptions,
  "direction" | "detail" | "fold" | "unfold" | "positions" | "derivatives" | "digits"
>;

/** A picture as plain data. */
export type PlainPicture = Omit<Picture, "boxes"> & { readonly boxes: readonly PlainBox[] };

/** A box by its name; nodes stay where they were made. */
export type PlainBox = Omit<PictureBox, "node">;

/** A drawing that is asked for. */
export interface Wanted {
  readonly program: Program;
  /** Numbers of the inputs; without them only formulas and symbols are drawn. */
  readonly values: Readonly<Record<string, number>> | undefined;
  readonly options: PlainOptions;
}

/** The drawing, without the nodes, which cannot leave the place where they were made. Throws as `graphPicture` does. */
export function plainPicture({ program, values, options }: Wanted): PlainPicture {
  const picture = graphPicture(program, {
    ...options,
    ...(values === undefined ? {} : { values }),
  });
  return { ...picture, boxes: picture.boxes.map(({ node: _, ...box }) => box) };
}
