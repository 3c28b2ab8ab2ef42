import type { Box, Drawing } from "../graph/drawing.ts";
import type { Inside, Insides } from "../graph/insides.ts";
import { scopeKey } from "../graph/keys.ts";
import { element } from "../svg/element.ts";
import type { PageLinks } from "../svg/pen.ts";
import type { SvgOptions } from "../svg/toSvg.ts";
import { escapeXml } from "../text/cleanText.ts";
import { pictureOf } from "./picture.ts";
import { boxTable } from "./tables.ts";

/** The insides of folded boxes, as panels below the picture. */
export interface Panels {
  readonly markup: string;
  readonly opens: PageLinks["opens"];
}

/**
 * The inside of each folded box as a picture that is shown on demand, with the panels of what is folded
 * in it behind it.
 */
export function insidePanels(
  drawing: Drawing,
  { byScope }: Insides,
  options: SvgOptions,
  id: string,
): Panels {
  const places = new Map([...byScope.keys()].map((scope, i) => [scope, `${id}-inside${i}`]));
  const opens = ({ key, id: scope }: Box): string | undefined =>
    key === scopeKey(scope) ? places.get(scope) : undefined;
  const links: PageLinks = { opens, folds: () => undefined, inside: true };
  const made = new Map<string, string>();
  // What is folded in a scope was found after the scope.
  for (const [scope, { drawing: inside }] of [...byScope].reverse()) {
    const place = places.get(scope) as string;
    made.set(scope, panel(inside, place, { ...options, id: `${place}-picture` }, links, made));
  }
  return { markup: panelsOf(drawing, made), opens };
}

function panel(
  inside: Inside["drawing"],
  place: string,
  { width: _, positions: __, legend: ___, ...options }: SvgOptions,
  links: PageLinks,
  made: ReadonlyMap<string, string>,
): string {
  const parts = [
    element("summary", {}, escapeXml(inside.title)),
    pictureOf(inside, { ...options, legend: false }, links, panelsOf(inside, made)),
    element("details", {}, `<summary>As a table</summary>${boxTable(inside)}`),
  ];
  return element("details", { class: "inside", id: place }, `\n${parts.join("\n")}\n`);
}

/** The panels of what is folded in a drawing, in the order of its boxes. */
function panelsOf({ boxes }: Drawing, made: ReadonlyMap<string, string>): string {
  const own = boxes.filter(({ key, id }) => key === scopeKey(id));
  return own.flatMap(({ id }) => made.get(id) ?? []).join("\n");
}
