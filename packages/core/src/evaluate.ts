import { type Bindings, bind, isInput } from "./bind.ts";
import { ArgumentError, describe, EvaluationError, shorten } from "./errors.ts";
import { makeContext, readItems } from "./evaluationContext.ts";
import { Expr, type Scalar } from "./expr.ts";
import type { TupleValue } from "./op.ts";
import { toText } from "./print.ts";
import { sourceOf } from "./sources.ts";
import { Tensor, type Value } from "./tensor.ts";
import { topological } from "./traverse.ts";

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Stop at the first node that turns finite inputs into NaN or ∞, and name it. */
  readonly trap?: "nonfinite";
  /** A node in words, for the trap; by default its text and the line that built it, if known. */
  readonly describeNode?: (node: Expr) => string;
  /** Whether names that no input bears are passed over (default) or refused. */
  readonly extra?: "refuse" | "allow";
  /** Lengths of named axes that no input of the outputs fixes. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** What an expression evaluates to: a number where it is known to be a scalar. */
export type ValueOf<E> = E extends Scalar ? number : Value;

/**
 * Values of expressions by the reference semantics of every op.
 *
 * Throws BindingError before any work if the values given do not fit the inputs.
 */
export function evaluate<E extends Expr>(
  output: E,
  bindings?: Bindings,
  options?: EvaluateOptions,
): ValueOf<E>;
export function evaluate<const O extends readonly Expr[]>(
  outputs: O,
  bindings?: Bindings,
  options?: EvaluateOptions,
): { -readonly [K in keyof O]: ValueOf<O[K]> };
export function evaluate<O extends Readonly<Record<string, Expr>>>(
  outputs: O,
  bindings?: Bindings,
  options?: EvaluateOptions,
): { -readonly [K in keyof O]: ValueOf<O[K]> };
export function evaluate(
  outputs: Expr | readonly Expr[] | Readonly<Record<string, Expr>>,
  bindings: Bindings = {},
  options: EvaluateOptions = {},
): unknown {
  if (outputs instanceof Expr) return evaluateAll([outputs], bindings, options)[0];
  if (Array.isArray(outputs)) return evaluateAll(outputs, bindings, options);
  if (outputs === null || typeof outputs !== "object") {
    throw new ArgumentError(`evaluate: outputs must be expressions, got ${describe(outputs)}`);
  }
  const names = Object.keys(outputs);
  const values = evaluateAll(Object.values(outputs), bindings, options);
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

function evaluateAll(
  outputs: readonly Expr[],
  bindings: Bindings,
  options: EvaluateOptions,
): Value[] {
  for (const output of outputs) {
    if (!(output instanceof Expr)) {
      throw new ArgumentError(`evaluate: outputs must be expressions, got ${describe(output)}`);
    }
  }
  const values = forward(outputs, bindings, options);
  return outputs.map((output) => values.get(output) as Value);
}

/** The value of every node that the outputs depend on. */
export function forward(
  outputs: readonly Expr[],
  bindings: Bindings,
  options: EvaluateOptions = {},
): ReadonlyMap<Expr, TupleValue> {
  const { nodes } = topological(outputs);
  const inputs = nodes.filter(isInput);
  const bound = bind("evaluate", inputs, bindings, options);
  const values = new Map<Expr, TupleValue>(bound.values);
  const context = makeContext(bound.sizes, readItems(nodes, outputs));
  for (const node of nodes) {
    if (values.has(node)) continue;
    const args = node.args.map((arg) => values.get(arg) as TupleValue);
    const value = node.op.evaluate(args, node, context);
    if (options.trap === "nonfinite") checkFinite(node, args, value, options.describeNode);
    values.set(node, value);
  }
  return values;
}

function allFinite(value: TupleValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value instanceof Tensor) return value.data.every((item) => Number.isFinite(item));
  return value.every(allFinite);
}

function checkFinite(
  node: Expr,
  args: readonly TupleValue[],
  value: TupleValue,
  describeNode: ((node: Expr) => string) | undefined,
): void {
  if (node.args.length === 0 || allFinite(value) || !args.every(allFinite)) return;
  const inputs = args.map((arg) => (typeof arg === "number" ? String(arg) : "a tensor")).join(", ");
  const result = typeof value === "number" ? String(value) : "a tensor with NaN or ∞";
  throw new EvaluationError(
    `evaluate: every node must be finite, got ${result} from ${node.op.name}(${inputs}), ${(describeNode ?? nodeInWords)(node)}`,
  );
}

function nodeInWords(node: Expr): string {
  const source = sourceOf(node);
  const text = shorten(toText(node), 80);
  return source === undefined ? `which is ${text}` : `which is ${text}, built at ${source}`;
}
