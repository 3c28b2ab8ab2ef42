import type { Box, Drawing } from "../graph/drawing.ts";
import type { Picture } from "../picture/picture.ts";
import type { Palette } from "./palette.ts";

/** What the parts of a picture are drawn with. */
export interface Pen {
  readonly id: string;
  readonly palette: Palette;
  readonly drawing: Drawing;
  readonly picture: Picture;
  readonly links: readonly Links[] | undefined;
  readonly page: PageLinks | undefined;
  /** Opacity of what is not highlighted: still to be read. */
  readonly pale: number;
}

/** What a picture tells the script of its page. */
export interface PageLinks {
  /** The element that a folded box opens. */
  readonly opens: (box: Box) => string | undefined;
  /** The box that an open scope is folded into. */
  readonly folds: (scope: string) => string | undefined;
  /** Whether it shows the inside of a scope, which the page has a style sheet for. */
  readonly inside: boolean;
}

/** The boxes before and behind a box. */
export interface Links {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export function linksOf({ boxes, edges }: Drawing): readonly Links[] {
  const links = boxes.map(() => ({ from: [] as number[], to: [] as number[] }));
  for (const { from, to } of edges) {
    links[from]?.to.push(to);
    links[to]?.from.push(from);
  }
  return links;
}
