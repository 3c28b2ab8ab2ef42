import {
  ChainruleError,
  type Expr,
  isFloat,
  isInput,
  nameOf,
  Program,
  scalarize,
  Tensor,
  topological,
} from "@chainrule/core";
import { ParseError, parse } from "@chainrule/core/parse";
import { LONGEST_TEXT } from "./chainRuleState.ts";

/** What is wrong with a text, and where; `offset` is undefined where it is the whole. */
export interface Problem {
  readonly message: string;
  readonly offset: number | undefined;
}

/** An expression of numbers, read from a text. */
export interface Reading {
  readonly program: Program;
  /** The variables that the result depends on or that the text declares, in reading order. */
  readonly inputs: readonly string[];
  /** Numbers that the text gives. */
  readonly given: Readonly<Record<string, number>>;
  /** Nodes of the graph. */
  readonly size: number;
  /** What the reader should know. */
  readonly notes: readonly string[];
}

/** What a text came to. */
export type ReadText = { readonly reading: Reading } | { readonly problem: Problem };

/** Nodes of a graph that the room shows; larger ones are for programs. */
export const MOST_NODES = 5000;

/** The graph that a text describes, of numbers alone; never throws. */
export function readText(text: string): ReadText {
  if (text.length > LONGEST_TEXT) {
    return whole(`an expression must have at most ${LONGEST_TEXT} letters, got ${text.length}`);
  }
  try {
    return readingOf(parse(text));
  } catch (error) {
    if (error instanceof ParseError) {
      return { problem: { message: error.reason, offset: error.offset } };
    }
    if (error instanceof ChainruleError) return whole(error.message);
    throw error;
  }
}

function readingOf(parsed: Program): ReadText {
  const { result } = parsed;
  const { nodes } = topological(rootsOf(parsed));
  if (nodes.length > MOST_NODES) {
    return whole(`a graph must have at most ${MOST_NODES} nodes, got ${nodes.length}`);
  }
  if (result.shape.length > 0 || !isFloat(result.dtype)) {
    const kind = result.shape.length > 0 ? `shape [${result.shape.join(", ")}]` : result.dtype;
    return whole(`the result must be a number to be differentiated, got ${kind}`);
  }
  const tensors = nodes.some(({ shape }) => shape.length > 0);
  const { program, given } = tensors
    ? elementsOf(parsed)
    : { program: parsed, given: numbersOf(parsed, (name) => [name]) };
  const notes = [...parsed.warnings];
  if (tensors) notes.push("vectors and matrices are shown element by element");
  const inputs = Object.entries(program.variables).filter(([, node]) => isFloat(node.dtype));
  const size = tensors ? topological(rootsOf(program)).nodes.length : nodes.length;
  return { reading: { program, inputs: inputs.map(([name]) => name), given, size, notes } };
}

function rootsOf({ result, definitions }: Program): readonly Expr[] {
  return [result, ...Object.values(definitions)];
}

function whole(message: string): ReadText {
  return { problem: { message, offset: undefined } };
}

/** The same program with its numbers, every element of a tensor a number of its own: `x_1`, `x_2`, … */
function elementsOf(parsed: Program): Pick<Reading, "program" | "given"> {
  const { outputs, inputs } = scalarize(rootsOf(parsed), { maxNodes: MOST_NODES });
  const definitions: Record<string, Expr> = Object.create(null);
  const variables: Record<string, Expr> = Object.create(null);
  const names = new Map<string, readonly string[]>();
  for (const [name, node] of Object.entries(parsed.variables)) {
    const items = inputs.get(node)?.items ?? [];
    names.set(
      name,
      items.map((item) => nameOf(item) ?? name),
    );
    for (const item of items) variables[nameOf(item) ?? name] = item;
  }
  Object.keys(parsed.definitions).forEach((name, i) => {
    const items = outputs[i + 1]?.items ?? [];
    items.forEach((item, at) => {
      const own = items.length === 1 ? name : `${name}_${at + 1}`;
      // A name that the text gives to something else keeps its meaning.
      const free = variables[own] === undefined && definitions[own] === undefined;
      if (free && !isInput(item)) definitions[own] = item;
    });
  });
  const result = outputs[0]?.items[0] ?? parsed.result;
  const program = new Program({ variables, definitions, result });
  return { program, given: numbersOf(parsed, (name) => names.get(name) ?? []) };
}

/** The text's own numbers, by the names of the elements. */
function numbersOf(
  { values }: Program,
  namesOf: (name: string) => readonly string[],
): Readonly<Record<string, number>> {
  const out: Record<string, number> = Object.create(null);
  for (const [name, value] of Object.entries(values)) {
    const data = value instanceof Tensor ? value.data : [value];
    for (const [i, own] of namesOf(name).entries()) {
      const item = data[i];
      if (typeof item === "number") out[own] = item;
    }
  }
  return out;
}
