import type { Expr, Program } from "@chainrule/core";
import { draw } from "../graph/draw.ts";
import type { Box, Drawing } from "../graph/drawing.ts";
import type { DrawingOptions } from "../graph/options.ts";
import { type Palette, paletteOf } from "../svg/palette.ts";
import { cleanText } from "../text/cleanText.ts";

/** Options of `toMermaid`. */
export interface MermaidOptions extends DrawingOptions {
  /** Black, white and grey alone. */
  readonly greyscale?: boolean;
}

/**
 * A graph as a Mermaid flowchart, as Markdown pages show it: solid arrows forward with the local
 * derivative, dotted arrows back, a subgraph a scope. The layout is Mermaid's own.
 */
export function toMermaid(target: Expr | Program, options: MermaidOptions = {}): string {
  const drawing = draw(target, options);
  const palette = paletteOf("light", options.greyscale === true);
  const lines = [`flowchart ${drawing.direction}`];
  writeBoxes(drawing, lines);
  const back: number[] = [];
  let count = 0;
  const arrow = (from: number, sign: string, label: string | undefined, to: number): void => {
    const text = label === undefined ? "" : `|"${escapeMermaid(label)}"|`;
    lines.push(`  n${from} ${sign}${text} n${to}`);
    count++;
  };
  for (const { from, to, local, back: text, steps, highlighted } of drawing.edges) {
    arrow(from, drawing.highlights && highlighted ? "==>" : "-->", local, to);
    if (!drawing.derivatives || steps.length === 0) continue;
    back.push(count);
    arrow(to, "-.->", text, from);
  }
  lines.push(...classes(palette));
  if (back.length > 0) {
    lines.push(`  linkStyle ${back.join(",")} stroke:${palette.adjoint},color:${palette.adjoint}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Boxes in their subgraphs; each is opened and closed where its turn comes. */
function writeBoxes({ boxes, clusters, highlights }: Drawing, lines: string[]): void {
  const members: number[][] = clusters.map(() => []);
  const outside: number[] = [];
  boxes.forEach(({ cluster }, i) => void (members[cluster] ?? outside).push(i));
  const write = (list: readonly number[]): void => {
    for (const i of list) lines.push(`  ${boxText(boxes[i] as Box, i, highlights)}`);
  };
  write(outside);
  const children: number[][] = clusters.map(() => []);
  const stack: number[] = [];
  clusters.forEach(({ parent }, i) => void (children[parent] ?? stack).push(i));
  stack.reverse();
  while (stack.length > 0) {
    const at = stack.pop() as number;
    if (at < 0) {
      lines.push("  end");
      continue;
    }
    const { label } = clusters[at] as Drawing["clusters"][number];
    lines.push(`  subgraph s${at}["${escapeMermaid(label)}"]`);
    write(members[at] as number[]);
    stack.push(-1, ...(children[at] as number[]).reverse());
  }
}

const SHAPES = {
  input: ['(["', '"])'],
  constant: ['["', '"]'],
  operation: ['["', '"]'],
  scope: ['[["', '"]]'],
} as const;

function boxText(box: Box, i: number, highlights: boolean): string {
  const { name, formula, lines, kind, output, highlighted } = box;
  const head = formula === undefined ? name : `${name} = ${formula}`;
  const label = [head, ...lines.map(({ text }) => text)].map(escapeMermaid).join("<br/>");
  const [open, close] = SHAPES[kind];
  const pale = highlights && !highlighted ? "Pale" : "";
  return `n${i}${open}${label}${close}:::${output ? "output" : kind}${pale}`;
}

/**
 * Text in quotes: whatever Mermaid, Markdown or HTML could take for a sign is written as its number,
 * also what begins a list.
 */
export function escapeMermaid(text: string): string {
  return cleanText(text)
    .replace(/(?<!\w)_|_(?!\w)|[^\p{L}\p{N}\p{M}\p{S}_…−· =+()/,.:-]|[<>`|~^$]/gu, code)
    .replace(/^\s*[-+=]|^\d+\.(?=\s|$)/, (start) => start.replace(/[-+=.]/, code));
}

function code(character: string): string {
  return `#${character.codePointAt(0)};`;
}

function classes(palette: Palette): string[] {
  const kinds = ["input", "constant", "operation", "scope", "output"] as const;
  return kinds.flatMap((kind) => {
    const look = `fill:${palette[kind]},stroke:${palette.line},color:${palette.ink}`;
    return [`  classDef ${kind} ${look}`, `  classDef ${kind}Pale ${look},opacity:0.35`];
  });
}
