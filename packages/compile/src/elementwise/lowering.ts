import { apply, argument, cast, type Expr, topological } from "@chainrule/core";
import { libraryFunctions } from "./libraryFunctions.ts";
import { instructions, rules } from "./rules.ts";

/**
 * An op said by ops that have code, in the order of computation; the last node is the value.
 *
 * Its arguments are doubles, since kernels compute in double precision and round once. `undefined` if the
 * op has no such form, or one that is not elementwise throughout.
 */
export function lowered({ op, attributes, dtype, args }: Expr): readonly Expr[] | undefined {
  // An integer kernel is not the lowered form's.
  const byInteger = dtype === "i32" && op.elementwise?.integer !== undefined;
  if (op.elementwise === undefined || op.lower === undefined || byInteger) return undefined;
  const places = args.map((_arg, i) => argument(i));
  const { nodes } = topological([op.lower(apply(op, places, attributes))]);
  return nodes.every(hasCode) ? nodes : undefined;
}

function hasCode(node: Expr): boolean {
  const { op, attributes, args } = node;
  if (args.length === 0) {
    return op === argument.op || typeof attributes["value"] === "number";
  }
  if (op === cast.op || instructions.has(op) || rules.has(op)) return true;
  return libraryFunctions.has(op) || lowered(node) !== undefined;
}
