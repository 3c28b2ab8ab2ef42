import type { Expr, Program } from "@chainrule/core";
import { type DrawingFormat, draw } from "../graph/draw.ts";
import type { Box, Drawing, Edge, Line } from "../graph/drawing.ts";
import { KEYBOARD } from "../graph/mathText.ts";
import type { DrawingOptions } from "../graph/options.ts";
import { type Palette, paletteOf } from "../svg/palette.ts";
import { cleanText, escapeXml, shorten } from "../text/cleanText.ts";

/** Graphviz guesses the width of letters that are not ASCII, and says so. */
const FORMAT: DrawingFormat = {
  folds: "scopes",
  signs: KEYBOARD,
  fills: true,
  keyed: false,
  formulas: false,
};

/** Options of `toDot`. */
export interface DotOptions extends DrawingOptions {
  /** Black, white and grey alone. */
  readonly greyscale?: boolean;
  /** Labels of one line and neither clusters nor ranks, for simple readers such as Netron. */
  readonly flat?: boolean;
}

/**
 * A graph in the DOT language: a table a box, a cluster a scope. With values, boxes hold value and
 * adjoint, edges the local derivative, and dashed edges lead back.
 *
 * Identifiers are names of nodes, v1, v2, … in forward order where nobody gave one: the same graph
 * gives the same bytes. A large graph is printed in full; only scopes of the program are folded.
 */
export function toDot(target: Expr | Program, options: DotOptions = {}): string {
  const drawing = draw(target, options, FORMAT);
  const palette = paletteOf("light", options.greyscale === true);
  const flat = options.flat === true;
  const ids = dotIds(drawing.boxes, flat);
  const lines = [
    "digraph chainrule {",
    `  graph [rankdir=${drawing.direction}, fontname="Helvetica"];`,
    flat
      ? `  node [shape=box, fontname="Helvetica", fontsize=12];`
      : `  node [shape=plain, fontname="Helvetica", fontsize=12];`,
    `  edge [fontname="Helvetica", fontsize=10, color="${palette.line}"];`,
  ];
  const statement = (box: Box, i: number): string => {
    const label = flat ? quote(flatLabel(box), true) : `<${table(box, drawing, palette)}>`;
    return `${ids[i]} [label=${label}];`;
  };
  if (flat) drawing.boxes.forEach((box, i) => void lines.push(`  ${statement(box, i)}`));
  else {
    writeClusters(drawing, statement, lines);
    writeSources(drawing, ids, lines);
  }
  for (const edge of drawing.edges) {
    const [from, to] = [ids[edge.from] as string, ids[edge.to] as string];
    lines.push(`  ${from} -> ${to}${forward(edge, drawing, palette, flat)};`);
    if (drawing.derivatives && edge.steps.length > 0) {
      lines.push(`  ${to} -> ${from}${backward(edge, palette, flat)};`);
    }
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

/** A longer name is no identifier; its position is. */
const LONGEST_ID = 60;

/** Netron takes these for keywords in quotes too. */
const KEYWORD = /^(?:strict|graph|digraph|subgraph|node|edge)$/i;

/** Quoted names; long ones by position, and flat those that simple readers do not take. */
function dotIds(boxes: readonly Box[], flat: boolean): string[] {
  let taken: Set<string> | undefined;
  return boxes.map(({ id }, i) => {
    const simple = !flat || !(KEYWORD.test(id) || id.includes('"'));
    if (simple && id.length <= LONGEST_ID && cleanText(id) === id) return quote(id);
    taken ??= new Set(boxes.map((box) => box.id));
    let own = `node ${i}`;
    while (taken.has(own)) own += "'";
    taken.add(own);
    return quote(own);
  });
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** Text in quotes; simple readers end it at any quote, escaped or not. */
function quote(text: string, flat = false): string {
  if (flat) return quote(text.replaceAll('"', "'"));
  if (PLAIN.test(text)) return `"${text}"`;
  return `"${cleanText(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function forward(
  { local, count, highlighted }: Edge,
  { highlights }: Drawing,
  { ink }: Palette,
  flat: boolean,
): string {
  const strong = highlights && highlighted;
  if (local === undefined && count === 1 && !strong) return "";
  const given: string[] = [];
  if (local !== undefined) given.push(`label=${quote(local, flat)}`);
  if (strong) given.push("penwidth=2.4", `color=${quote(ink)}`);
  else if (count > 1) given.push("penwidth=1.6");
  return given.length === 0 ? "" : ` [${given.join(", ")}]`;
}

function backward({ back }: Edge, { adjoint }: Palette, flat: boolean): string {
  const given = ["style=dashed", `color=${quote(adjoint)}`, `fontcolor=${quote(adjoint)}`];
  if (!flat) given.push("constraint=false");
  if (back !== undefined) given.push(`label=${quote(back, flat)}`);
  return ` [${given.join(", ")}]`;
}

/** Clusters within clusters, without recursion: each is opened and closed where its turn comes. */
function writeClusters(
  { boxes, clusters }: Drawing,
  statement: (box: Box, i: number) => string,
  lines: string[],
): void {
  const members: number[][] = clusters.map(() => []);
  boxes.forEach((box, i) => {
    if (box.cluster < 0) lines.push(`  ${statement(box, i)}`);
    else members[box.cluster]?.push(i);
  });
  const children: number[][] = clusters.map(() => []);
  const stack: number[] = [];
  clusters.forEach(({ parent }, i) => {
    if (parent >= 0) children[parent]?.push(i);
    else stack.push(i);
  });
  stack.reverse();
  const depth = new Map<number, number>();
  while (stack.length > 0) {
    const at = stack.pop() as number;
    const level = depth.get(at < 0 ? -at - 1 : at) ?? 1;
    const indent = "  ".repeat(level);
    if (at < 0) {
      lines.push(`${indent}}`);
      continue;
    }
    const { label } = clusters[at] as Drawing["clusters"][number];
    lines.push(`${indent}subgraph "cluster_${at}" {`);
    lines.push(`${indent}  label=${quote(label)}; style=rounded; color="#9aa4b2";`);
    for (const i of members[at] ?? []) lines.push(`${indent}  ${statement(boxes[i] as Box, i)}`);
    stack.push(-at - 1);
    for (const child of [...(children[at] ?? [])].reverse()) {
      depth.set(child, level + 1);
      stack.push(child);
    }
  }
}

/** Inputs of the graph itself stand first; those in clusters stay with them. */
function writeSources({ boxes }: Drawing, ids: readonly string[], lines: string[]): void {
  const sources: string[] = [];
  boxes.forEach(({ kind, cluster }, i) => {
    if (kind === "input" && cluster < 0) sources.push(ids[i] as string);
  });
  if (sources.length > 0) lines.push(`  { rank=source; ${sources.join("; ")}; }`);
}

/** A longer head is cut, as HTML labels are laid out in one piece. */
const LONGEST_HEAD = 80;

function headOf({ name, formula }: Box): string {
  return shorten(formula === undefined ? name : `${name} = ${formula}`, LONGEST_HEAD);
}

function flatLabel(box: Box): string {
  return [headOf(box), ...box.lines.map(({ text }) => text)].join(", ");
}

function table(box: Box, { highlights }: Drawing, palette: Palette): string {
  const fill = box.output ? palette.output : palette[box.kind];
  const border = highlights && box.highlighted ? 3 : 1;
  const rows = [`<tr><td>${escapeXml(headOf(box))}</td></tr>`];
  for (const line of box.lines) rows.push(`<tr><td>${colored(line, palette)}</td></tr>`);
  return `<table border="${border}" cellborder="0" cellspacing="0" cellpadding="3" bgcolor="${fill}">${rows.join("")}</table>`;
}

function colored({ role, text }: Line, palette: Palette): string {
  const color = role === "value" || role === "adjoint" ? palette[role] : palette.faint;
  return `<font color="${color}" point-size="11">${escapeXml(text)}</font>`;
}
