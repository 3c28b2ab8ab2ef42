import {
  type Bindings,
  backprop,
  type Expr,
  evaluate,
  isFloat,
  leavesOf,
  Program,
  parameter,
  type Trace,
  type TupleValue,
  variable,
} from "@chainrule/core";
import { numberText, type Writing } from "./mathText.ts";
import type { DrawingOptions } from "./options.ts";

/** What is known of the numbers of a drawing. */
export interface Numbers {
  readonly trace: Trace | undefined;
  /** Whether the numbers of the trace mean anything, or its symbols alone. */
  readonly valued: boolean;
  readonly value: (node: Expr) => TupleValue | undefined;
}

const NOTHING: Numbers = { trace: undefined, valued: false, value: () => undefined };

/** Runs core's `backprop` where the output is a number, else evaluates forward. */
export function numbersOf(
  target: Expr | Program,
  output: Expr,
  { values, derivatives }: DrawingOptions,
  shown: () => readonly Expr[],
): Numbers {
  const bindings = values === undefined ? ownValues(target, output) : withOwn(target, values);
  const differentiable = output.shape.length === 0 && isFloat(output.dtype) && !output.op.items;
  if (bindings === undefined) {
    if (derivatives !== true || !differentiable) return NOTHING;
    const unknown = leavesOf([output]).filter(isInput);
    // Symbols need no numbers; only scalars can do without a shape to fill.
    if (unknown.some(({ shape }) => shape.length > 0)) return NOTHING;
    const trace = backprop(output, new Map(unknown.map((node) => [node, Number.NaN])));
    return { trace, valued: false, value: () => undefined };
  }
  if (differentiable) {
    const trace = backprop(output, bindings);
    return { trace, valued: true, value: (node) => trace.at(node)?.value };
  }
  const nodes = shown().filter(({ op }) => op.items === undefined);
  const found = evaluate(nodes, bindings);
  const table = new Map<Expr, TupleValue>(nodes.map((node, i) => [node, found[i] as TupleValue]));
  return { trace: undefined, valued: true, value: (node) => table.get(node) };
}

function isInput({ op }: Expr): boolean {
  return op === variable.op || op === parameter.op;
}

/** The values of a program's text, where they are all that is needed. */
function ownValues(target: Expr | Program, output: Expr): Bindings | undefined {
  if (!(target instanceof Program) || Object.keys(target.values).length === 0) return undefined;
  const inputs = leavesOf([output]).filter(isInput);
  const all = inputs.every((node) => (target.nameOf(node) as string) in target.values);
  return all ? target.values : undefined;
}

function withOwn(target: Expr | Program, values: Bindings): Bindings {
  if (!(target instanceof Program) || values instanceof Map) return values;
  return { ...target.values, ...values };
}

/** Elements of a tensor that a box has room for. */
const MOST_ELEMENTS = 4;

/** A number, a short vector in full; of a larger tensor the shape alone. */
export function valueText(
  value: TupleValue | undefined,
  writing: Writing,
  signed = false,
): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number") {
    const text = numberText(value, writing);
    return signed && value > 0 ? `+${text}` : text;
  }
  if (!("shape" in value)) return `${value.length} values`;
  if (value.shape.length !== 1 || value.data.length > MOST_ELEMENTS) {
    return `[${value.shape.join(", ")}]`;
  }
  return `[${Array.from(value.data, (one) => numberText(one, writing)).join(", ")}]`;
}
