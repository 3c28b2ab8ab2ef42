import { ArgumentError, describe } from "../errors.ts";
import type { Attributes, Expr, Operand, Scalar } from "../expr.ts";
import { apply } from "../intern.ts";
import { defineOp, elementwiseOp, type UnarySpec, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";

/** `f(x, options)`; the options become fixed parameters of the node. */
export type UnaryWith<Options> = WithOp<{
  (x: Scalar | number, options?: Options): Scalar;
  (x: Operand, options?: Options): Expr;
}>;

/**
 * An elementwise op of one argument with options.
 *
 * `attributes` checks the options and gives those that differ from the default, so that equal
 * nodes are one however they were asked for.
 */
// @__NO_SIDE_EFFECTS__
export function unaryWith<Options extends object>(
  spec: UnarySpec,
  attributes: (options: Options) => Attributes,
): UnaryWith<Options> {
  const build = (x: Operand, options?: Options): Expr =>
    apply(op, [operand(op.name, x)], attributes(options ?? ({} as Options)));
  const op = elementwiseOp(spec);
  return defineOp(op, () => build) as UnaryWith<Options>;
}

/** Throws ArgumentError unless the option is a finite number. */
export function checkNumber(where: string, name: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ArgumentError(`${where}: ${name} must be a finite number, got ${describe(value)}`);
}
