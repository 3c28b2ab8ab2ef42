import type { Palette } from "../svg/palette.ts";
import { shorten } from "../text/cleanText.ts";
import { textWidth } from "../text/measure.ts";
import type { Chart } from "./chart.ts";

/** Height of a row of the legend. */
export const ROW = 19;
const SIZE = 11;
const SAMPLE = 36;
const GAP = 22;

/** Colour, dash and width of a line. */
export interface Look {
  readonly index: number;
  readonly color: string;
  readonly dash: string | undefined;
  readonly width: number;
}

const DASHES = [undefined, "8 4", "2 3", "10 3 2 3"] as const;
const COLOURS = ["value", "adjoint", "ink", "faint"] as const;

/** The look of a number: 16 differ, by colour and dash; four also in black and white. */
export function lookOf(number: number, palette: Palette): Look {
  const index = number % COLOURS.length;
  const dash = DASHES[(number + Math.floor(number / COLOURS.length)) % DASHES.length];
  return {
    index,
    color: palette[COLOURS[index] ?? "ink"],
    dash,
    width: index === 2 ? 1.5 : 2.1,
  };
}

export interface Entry {
  readonly text: string;
  readonly look: number | undefined;
}

/** More series than this are counted in one line. */
const MOST = 16;

/** What the legend says. */
export function legendEntries({ curves, notes }: Chart): readonly Entry[] {
  const named = curves.slice(0, MOST).map(({ name, look }) => ({ text: name, look }));
  const more = curves.length - named.length;
  const rest = more === 0 ? [] : [`and ${more} more`];
  return [...named, ...[...rest, ...notes].map((text) => ({ text, look: undefined }))];
}

/** Entries with their places from the left, in rows of this width. */
export function legendRows(
  entries: readonly Entry[],
  width: number,
): readonly (readonly (Entry & { readonly x: number })[])[] {
  const rows: (Entry & { x: number })[][] = [];
  let x = 0;
  for (const { text, look } of entries) {
    const room = width - (look === undefined ? 0 : SAMPLE);
    let most = Math.min(text.length, 120);
    while (most > 1 && textWidth(shorten(text, most), SIZE) > room) most--;
    const short = shorten(text, most);
    const own = textWidth(short, SIZE) + (look === undefined ? 0 : SAMPLE);
    if (rows.length === 0 || x + own > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ text: short, look, x });
    x += own + GAP;
  }
  return rows;
}
