import { ArgumentError, describe, ShapeError } from "../errors.ts";
import { type Dim, formatShape, type Shape } from "../shape.ts";

/** The labels of each operand's axes, and of the result's. */
export interface Subscripts {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** What may stand for axes that `...` leaves without a letter. */
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZαβγδεζηθικλμνξοπρστυφχψω";

/** Reads a text without `...` whose result is given, as nodes keep it. */
export function readSubscripts(text: string): Subscripts {
  const [left, right] = text.split("->") as [string, string];
  return { inputs: left.split(",").map((part) => [...part]), output: [...right] };
}

/** Writes subscripts as `readSubscripts` reads them. */
export function writeSubscripts({ inputs, output }: Subscripts): string {
  return `${inputs.map((labels) => labels.join("")).join()}->${output.join("")}`;
}

/**
 * Subscripts as a user writes them, for operands of these shapes.
 *
 * `...` stands for leading axes, aligned from the last; without `->` the result has the labels that
 * occur once, in alphabetical order.
 * Throws ArgumentError for a text of another form, ShapeError where it does not fit the shapes.
 * Source: NumPy, `einsum`.
 */
export function parseSubscripts(text: string, shapes: readonly Shape[]): Subscripts {
  if (
    typeof text !== "string" ||
    !/^(\p{L}|\.\.\.|,)*(->(\p{L}|\.\.\.)*)?$/u.test(squeezed(text))
  ) {
    throw new ArgumentError(
      `einsum: subscripts must be letters as in "ij,jk->ik", got ${describe(text)}`,
    );
  }
  const [left, right] = squeezed(text).split("->") as [string, string | undefined];
  const terms = left.split(",");
  if (terms.length !== shapes.length) {
    throw new ArgumentError(
      `einsum: "${text}" must have subscripts for ${shapes.length} operands, got ${terms.length}`,
    );
  }
  const extra = terms.map((term, i) => extraAxes(text, term, shapes[i] as Shape));
  const most = Math.max(0, ...extra);
  const free = [...LETTERS].filter((letter) => !text.includes(letter));
  if (free.length < most) {
    throw new ArgumentError(`einsum: labels must be at most ${LETTERS.length}, got more`);
  }
  const leading = free.slice(0, most);
  const expand = (term: string, count: number): string[] =>
    split(term).flatMap((part) => (part === "..." ? leading.slice(most - count) : [part]));
  const inputs = terms.map((term, i) => expand(term, extra[i] as number));
  const output = right === undefined ? once(inputs, leading) : expand(right, most);
  checkOutput(text, inputs, output);
  return { inputs, output };
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function split(term: string): string[] {
  return term.match(/\.\.\.|\p{L}/gu) ?? [];
}

function extraAxes(text: string, term: string, shape: Shape): number {
  const parts = split(term);
  const dots = parts.filter((part) => part === "...").length;
  const letters = parts.length - dots;
  const extra = shape.length - letters;
  if (dots > 1 || extra < 0 || (dots === 0 && extra > 0)) {
    throw new ShapeError(
      `einsum: "${term}" of "${text}" must name every axis of its operand, got ${formatShape(shape)}`,
    );
  }
  return extra;
}

/** The labels that occur once, in alphabetical order, after those of `...`. */
function once(inputs: readonly (readonly string[])[], leading: readonly string[]): string[] {
  const all = inputs.flat().filter((label) => !leading.includes(label));
  return [
    ...leading,
    ...all.filter((label) => all.indexOf(label) === all.lastIndexOf(label)).sort(),
  ];
}

function checkOutput(
  text: string,
  inputs: readonly (readonly string[])[],
  output: readonly string[],
): void {
  const known = new Set(inputs.flat());
  for (const label of output) {
    if (!known.has(label)) {
      throw new ArgumentError(
        `einsum: labels of the result must occur before, got ${label} in "${text}"`,
      );
    }
  }
  if (new Set(output).size !== output.length) {
    throw new ArgumentError(`einsum: labels of the result must differ, got "${text}"`);
  }
}

/** The size of each label. Throws ShapeError where two axes of a label differ. */
export function labelSizes<D extends Dim>(
  { inputs, output }: Subscripts,
  shapes: readonly (readonly D[])[],
): Map<string, D> {
  const sizes = new Map<string, D>();
  for (const [i, labels] of inputs.entries()) {
    for (const [axis, label] of labels.entries()) {
      const dim = (shapes[i] as readonly D[])[axis] as D;
      const before = sizes.get(label);
      if (before !== undefined && before !== dim) {
        throw new ShapeError(
          `einsum: the axes ${label} of "${writeSubscripts({ inputs, output })}" must have one size, got ${shapes.map(formatShape).join(" and ")}`,
        );
      }
      sizes.set(label, dim);
    }
  }
  return sizes;
}
