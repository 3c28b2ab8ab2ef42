import { ArgumentError, describe } from "../../errors.ts";
import type { Expr, Operand } from "../../expr.ts";
import { formatShape } from "../../shape.ts";
import { type Callback, callOf, type Traced, traceCallback } from "./call.ts";
import { typeOf } from "./lambda.ts";
import { type AnyExprsOf, checkFunction, flatten, type Structure } from "./structure.ts";

/**
 * A function with a name and a body, to be called like any other: `const f = func("f", (x) => x.mul(x))`.
 *
 * The body is traced once for each list of argument types, and every call is a node `f(x)`.
 * Throws ArgumentError if the function calls itself.
 */
export function func<const Y extends Structure>(
  name: string,
  body: Callback<Y>,
): (...args: readonly Operand[]) => AnyExprsOf<Y> {
  if (typeof name !== "string" || name === "") {
    throw new ArgumentError(`func: a function must have a name, got ${describe(name)}`);
  }
  checkFunction("func", "the body", body);
  const traces = new Map<string, Traced>();
  let tracing = false;
  return (...given) => {
    const args = flatten(name, given).items;
    const key = args.map(({ shape, dtype }: Expr) => `${dtype}${formatShape(shape)}`).join();
    let traced = traces.get(key);
    if (traced === undefined) {
      if (tracing) {
        throw new ArgumentError(
          `func: a function must not call itself, got a call of ${name} in ${name}`,
        );
      }
      tracing = true;
      try {
        traced = traceCallback(name, body, args.map(typeOf), "leaves");
      } finally {
        tracing = false;
      }
      traces.set(key, traced);
    }
    return callOf(traced, args, name) as AnyExprsOf<Y>;
  };
}
