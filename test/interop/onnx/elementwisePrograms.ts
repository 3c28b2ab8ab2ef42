import { apply, type Expr, grad, Program, sum, variable } from "@chainrule/core";
import { allOps } from "@chainrule/core/json";

/** A program for each elementwise op and element type: the op, and its derivatives. */
export const everyElementwise: readonly (readonly [string, Program])[] = allOps.flatMap((op) => {
  const { domain, elementwise } = op;
  if (domain === undefined || elementwise === undefined) return [];
  return (["f64", "f32", "i32", "bool"] as const).map((dtype) => {
    const inputs = domain.map((_, i) => variable(`v${i}`, ["batch", 3], dtype));
    const output = apply(op, inputs);
    const wrt = inputs.filter((_, i) => elementwise.partials[i] !== null);
    const derived = output.dtype === dtype && dtype.startsWith("f") ? wrt : [];
    const definitions: Record<string, Expr> = { y: output };
    for (const [i, input] of derived.entries()) definitions[`d${i}`] = grad(sum(output), input);
    return [`${op.name} ${dtype}`, new Program({ definitions })] as const;
  });
});
