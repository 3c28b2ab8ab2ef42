import { readNumber } from "../design/readNumber.ts";
import { LARGEST_VALUE } from "../rooms/chainRule/chainRuleState.ts";

/** What an element may show, in this order. */
export const parts = ["values", "graph", "steps", "derivation"] as const;
/** Fields of the variables, the drawing, the walk step by step, the products of one derivative. */
export type Part = (typeof parts)[number];

/** Shown unless `view` says otherwise. */
export const usualParts: readonly Part[] = ["values", "graph", "steps"];

/** A position of the walk, counted from 1; the end with everything in sight is `last`. */
export type StepWanted = number | "last";

/** What an attribute came to, or the sentence that says what it must hold. */
export type ReadAttribute<Value> = { readonly value: Value } | { readonly problem: string };

/** `a = 3, b = -1`: numbers by the names of variables. */
export function readValues(text: string): ReadAttribute<Readonly<Record<string, number>>> {
  const value: Record<string, number> = Object.create(null);
  for (const pair of text.split(/[,;]|\s+(?=[^\s=]+\s*=)/)) {
    if (pair.trim() === "") continue;
    const [name = "", numeral = "", ...more] = pair.split("=").map((one) => one.trim());
    if (name === "" || numeral === "" || more.length > 0) {
      return { problem: `values: must be pairs such as a = 3, got ${quoted(pair)}` };
    }
    const number = readNumber(numeral, { min: -LARGEST_VALUE, max: LARGEST_VALUE });
    if (typeof number === "string") return { problem: `values: ${name} ${number}` };
    value[name] = number;
  }
  return { value };
}

/** `first`, `last`, or a number from 1; how many steps there are, only the graph knows. */
export function readStep(text: string): ReadAttribute<StepWanted> {
  const word = text.trim();
  if (word === "" || word === "last") return { value: "last" };
  if (word === "first") return { value: 1 };
  if (/^[1-9]\d{0,8}$/.test(word)) return { value: Number(word) };
  return { problem: `step: must be first, last or a whole number from 1, got ${quoted(text)}` };
}

/** `values graph steps derivation`: the parts to show. */
export function readView(text: string): ReadAttribute<readonly Part[]> {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const unknown = words.find((word) => !parts.some((part) => part === word));
  if (unknown !== undefined) {
    return { problem: `view: must name some of ${parts.join(", ")}, got ${quoted(unknown)}` };
  }
  if (words.length === 0) return { value: usualParts };
  return { value: parts.filter((part) => words.includes(part)) };
}

/** Names that the expression lacks, as a sentence. */
export function unknownNames(
  attribute: string,
  names: readonly string[],
  inputs: readonly string[],
): string | undefined {
  const unknown = names.find((name) => !inputs.includes(name));
  if (unknown === undefined) return undefined;
  const known = inputs.length === 0 ? "no variable" : `the variables ${inputs.join(", ")}`;
  return `${attribute}: must name variables of the expression, which has ${known}, got ${quoted(unknown)}`;
}

/** Something of the page's author in quotes, cut where it is long. */
function quoted(text: string): string {
  const [all, most] = [text.trim(), 40];
  return JSON.stringify(all.length > most ? `${all.slice(0, most)}…` : all);
}
