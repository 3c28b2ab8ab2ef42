import type { Expr } from "../expr.ts";
import { withoutFolding } from "../intern.ts";
import { cast } from "./cast.ts";
import { greater } from "./comparison.ts";
import { broadcastTo } from "./movement.ts";
import { isMask, mask } from "./select.ts";

/**
 * A rearranged mask is a mask of what is rearranged: `move(mask(c, a)) = mask(move(c), move(a))`.
 *
 * `undefined` for what is no mask. Elements that `move` adds must be 0.
 */
export function moveMask(x: Expr, move: (part: Expr) => Expr): Expr | undefined {
  if (!isMask(x)) return undefined;
  const [condition, value] = x.args as readonly [Expr, Expr];
  return mask(move(broadcastTo(condition, x.shape)), move(broadcastTo(value, x.shape)));
}

/**
 * Sums of elements of a mask are a mask: each flows where one of its elements does.
 *
 * `undefined` for what is no mask. `total` makes one node of an op that adds elements up.
 */
export function sumMask(x: Expr, total: (part: Expr) => Expr): Expr | undefined {
  if (!isMask(x)) return undefined;
  const condition = broadcastTo(x.args[0] as Expr, x.shape);
  const count = total(cast(condition, "i32"));
  return mask(
    greater(count, 0),
    withoutFolding(() => total(x)),
  );
}
