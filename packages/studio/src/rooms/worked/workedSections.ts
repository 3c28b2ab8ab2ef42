import {
  type Block,
  derivation,
  derivationDocument,
  type EquationLine,
  type Inline,
} from "@chainrule/render";
import { type Numbers, network } from "./network.ts";
import { type DigitsChoice, formats } from "./printing.ts";

/** A worked derivation, cut into what the pages show. */
export interface WorkedSections {
  /** The forward pass, its lines by the name of the step they work out. */
  readonly forward: ReadonlyMap<string, readonly EquationLine[]>;
  readonly derivatives: readonly Block[];
  readonly update: readonly Block[];
  /** How numbers are printed. */
  readonly rounding: readonly Block[];
  readonly notes: readonly (readonly Inline[])[];
}

/** The derivatives of E by some weights and their update, worked out by render. */
export function workedSections(
  numbers: Numbers,
  wrt: readonly string[],
  rate: number,
  digits: DigitsChoice,
): WorkedSections {
  const worked = derivation(network, numbers, { wrt, update: rate, ...formats[digits] });
  const { blocks } = derivationDocument(worked);
  const sections = splitAtHeadings(blocks.filter(({ kind }) => kind !== "notes"));
  const last = sections.at(-1) ?? [];
  const rounding = last.filter(({ kind }) => kind === "paragraph").slice(-1);
  const [first = [], ...rest] = sections.map((section) =>
    section.filter((block) => !rounding.includes(block)),
  );
  const names = worked.kind === "scalar" ? worked.steps.map(({ name }) => name) : [];
  return {
    forward: linesByStep(first, names),
    derivatives: wrt.length === 0 ? [] : rest.slice(0, -1).flat(),
    update: wrt.length === 0 ? [] : (rest.at(-1) ?? []),
    rounding,
    notes: blocks.flatMap((block) => (block.kind === "notes" ? block.items : [])),
  };
}

/** The blocks below each heading. */
function splitAtHeadings(blocks: readonly Block[]): Block[][] {
  const sections: Block[][] = [];
  for (const block of blocks) {
    if (block.kind === "heading") sections.push([]);
    else sections.at(-1)?.push(block);
  }
  return sections;
}

/** A line with a left side begins the next step. */
function linesByStep(
  blocks: readonly Block[],
  names: readonly string[],
): ReadonlyMap<string, readonly EquationLine[]> {
  const steps: EquationLine[][] = [];
  for (const block of blocks) {
    if (block.kind !== "equations") continue;
    for (const line of block.lines) {
      if (line.left === undefined) steps.at(-1)?.push(line);
      else steps.push([line]);
    }
  }
  return new Map(steps.map((lines, i) => [names[i] ?? "", lines]));
}

/** Blocks with the footnotes that they refer to, numbered from 1. */
export function withNotes(
  blocks: readonly Block[],
  notes: readonly (readonly Inline[])[],
): readonly Block[] {
  const numbers = new Map<number, number>();
  const renumbered = blocks.map((block): Block => {
    if (block.kind !== "equations") return block;
    const lines = block.lines.map((line): EquationLine => {
      if (line.note === undefined) return line;
      const note = numbers.get(line.note) ?? numbers.size + 1;
      numbers.set(line.note, note);
      return { ...line, note };
    });
    return { kind: "equations", lines };
  });
  if (numbers.size === 0) return renumbered;
  return [
    ...renumbered,
    { kind: "notes", items: [...numbers.keys()].map((i) => notes[i - 1] ?? []) },
  ];
}
