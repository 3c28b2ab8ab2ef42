import type { Operand } from "../../expr.ts";
import { type Callback, callTraced } from "./call.ts";
import { type AnyExprsOf, checkFunction, flatten, type Structure } from "./structure.ts";

/**
 * The function f, of which reverse mode keeps only the arguments: what it computes inside is
 * computed once more on the way back.
 */
export function checkpoint<const Y extends Structure>(
  f: Callback<Y>,
): (...args: readonly Operand[]) => AnyExprsOf<Y> {
  checkFunction("checkpoint", "the function", f);
  return (...args) =>
    callTraced(f, flatten("checkpoint", args).items, {
      where: "checkpoint",
      name: "checkpoint",
      lift: "expressions",
      checkpoint: true,
    }) as AnyExprsOf<Y>;
}
