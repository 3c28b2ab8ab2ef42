import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { Drawing } from "../graph/drawing.ts";
import { CLOSED, type Insides, insidesOf } from "../graph/insides.ts";
import { scopeKey } from "../graph/keys.ts";
import { element } from "../svg/element.ts";
import type { PageLinks } from "../svg/pen.ts";
import { svgStyle } from "../svg/svgStyle.ts";
import { identifier, type SvgOptions } from "../svg/toSvg.ts";
import { escapeXml } from "../text/cleanText.ts";
import { insidePanels } from "./insidePanels.ts";
import { pageScript, SCRIPT_HASH } from "./pageScript.ts";
import { pageStyle } from "./pageStyle.ts";
import { pictureOf } from "./picture.ts";
import { boxTable, edgeTable } from "./tables.ts";

/** Options of `toHtml`. */
export interface GraphHtmlOptions extends SvgOptions {
  /** Language of the page's own words, which are English; readers' software asks for it. */
  readonly language?: string;
  /** Boxes that the insides of folded scopes may have together, by default 1,000. */
  readonly room?: number;
}

/** With about a kilobyte a box, a page that opens at once. */
const ROOM = 1_000;

/**
 * A graph as one page without references to others: the picture, whose boxes are reached by arrow keys
 * along the edges, and beside it the same content as tables. Folded scopes open below the picture by a
 * click, Enter or Space, as far as there is `room`; open ones fold by their names. Works without its
 * script too.
 *
 * The page is well-formed XML. Its policy lets nothing run but its own script.
 */
export function toHtml(target: Expr | Program, options: GraphHtmlOptions = {}): string {
  const { theme = "auto", greyscale = false, room = ROOM } = options;
  const id = identifier(options.id ?? "graph");
  const drawing = draw(target, options);
  const folds = drawing.clusters.length > 0;
  const { positions: _, unfold: __, ...all } = options;
  const large = drawing.boxes.some(({ kind }) => kind === "scope");
  const folding = !folds ? options : large ? all : { ...all, fold: "scopes" as const };
  const closed = folds ? draw(target, folding, CLOSED) : drawing;
  const insides = insidesOf(target, folding, closed, room);
  const { opens, markup } = insidePanels(closed, insides, options, id);
  const links: PageLinks = { opens, folds: () => undefined, inside: false };
  const views = folds
    ? [
        viewOf(
          drawing,
          options,
          { ...links, folds: folder(drawing, closed, id) },
          `${id}-open`,
          "",
        ),
        viewOf(closed, { ...folding, id: `${id}-closed` }, links, `${id}-folded`, markup, "hidden"),
      ]
    : [viewOf(drawing, options, links, `${id}-folded`, markup)];
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_HASH}'`;
  const title = escapeXml(drawing.title);
  const styled = markup === "" ? "" : `\n${svgStyle(".inside", theme, greyscale)}`;
  const page = [
    "<!DOCTYPE html>",
    `<html xmlns="http://www.w3.org/1999/xhtml" lang="${escapeXml(options.language ?? "en")}">`,
    "<head>",
    '<meta charset="utf-8"/>',
    element("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${title}</title>`,
    `<style>${pageStyle(theme, greyscale)}${styled}</style>`,
    "</head>",
    "<body>",
    `<h1>${title}</h1>`,
    `<p>Arrow keys lead from box to box: ${KEYS[drawing.direction]}.${howToUnfold(insides)}</p>`,
    ...(folds ? [SWITCH] : []),
    `<main>${views.join("\n")}</main>`,
    `<script>${pageScript}</script>`,
    "</body>",
    "</html>",
  ];
  return `${page.join("\n")}\n`;
}

/** Shown by the script, which it needs. */
const SWITCH = '<p><button type="button" hidden="hidden">Fold all scopes</button></p>';

function viewOf(
  drawing: Drawing,
  options: SvgOptions,
  links: PageLinks,
  place: string,
  below: string,
  hidden?: "hidden",
): string {
  const tables = `<div class="tables">${boxTable(drawing)}${edgeTable(drawing)}</div>`;
  const picture = pictureOf(drawing, options, links, below);
  return element("div", { class: "view", id: place, hidden }, `${picture}\n${tables}`);
}

/** The box of the folded picture that a scope goes into: that of the outermost scope around it. */
function folder(drawing: Drawing, closed: Drawing, id: string): PageLinks["folds"] {
  const boxes = new Map(closed.boxes.map(({ key }, i) => [key, `${id}-closed-box${i}`]));
  const outer = new Map<string, string>();
  drawing.clusters.forEach(({ id: scope, parent }) => {
    const around = drawing.clusters[parent]?.id;
    outer.set(scope, around === undefined ? scope : (outer.get(around) as string));
  });
  return (scope) => boxes.get(scopeKey(outer.get(scope) ?? scope));
}

function howToUnfold({ byScope, left }: Insides): string {
  if (byScope.size === 0) return "";
  const how = " Enter, Space or a click opens a folded box below the picture, and closes it again.";
  if (left === 0) return how;
  const folded = byScope.size + left;
  return `${how} This page holds what is in ${byScope.size} of ${folded} folded boxes; a picture with the option unfold shows the others.`;
}

const KEYS = {
  LR: "right to who uses it, left to what it uses, up and down among those beside it",
  TB: "down to who uses it, up to what it uses, left and right among those beside it",
} as const;
