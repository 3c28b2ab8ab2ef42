import { type Expr, evaluate, mul, sub, type Value } from "@chainrule/core";
import type { Derivatives } from "./derivatives.ts";
import type { Request } from "./request.ts";
import { UsageError } from "./usageError.ts";

/** A variable before and after one step of gradient descent. */
export interface Updated {
  readonly name: string;
  readonly before: Value;
  readonly gradient: Value;
  readonly after: Value;
}

/** `w − η ∂L/∂w` for every variable differentiated by. */
export function updated(request: Request, { gradients }: Derivatives): readonly Updated[] {
  const { wrt, values, options, output } = request;
  if (options.order !== 1 || output.shape.length > 0) {
    throw new UsageError("--update: the output must be a scalar, differentiated once (--order 1)");
  }
  const rate = options.update as number;
  return gradients.map(({ x, expression, value }) => {
    const name = x[0] as string;
    const node = wrt[name] as Expr;
    const step = sub(node, mul(rate, expression));
    const [before, after] = evaluate([node, step], values);
    return { name, before: before as Value, gradient: value as Value, after: after as Value };
  });
}
