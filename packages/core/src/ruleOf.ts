import type { Expr } from "./expr.ts";
import { constant, namedConstant } from "./ops/leaf.ts";

/**
 * Name of the rule by which a node is differentiated by one argument: `sum rule`, `power rule`,
 * `derivative of sigmoid`. What an op does not say itself is told from its notation.
 */
export function ruleOf({ op, args, attributes }: Expr, index: number): string {
  if (op.rule !== undefined) return op.rule;
  const { notation } = op;
  const others = args.filter((_, i) => i !== index);
  const scales = others.length > 0 && others.every(isFixed);
  switch (notation.form) {
    case "infix":
      if (notation.text === "+") return "sum rule";
      return notation.text === "-" ? "difference rule" : `rule of ${op.name}`;
    case "prefix":
      return notation.text === "-" ? "constant factor rule" : `rule of ${op.name}`;
    case "product":
      if (op.elementwise === undefined) return "matrix product rule";
      return scales ? "constant factor rule" : "product rule";
    case "fraction":
      return scales && index === 0 ? "constant factor rule" : "quotient rule";
    case "power":
      return index === 0 ? "power rule" : "exponential rule";
    case "exponential":
      return "exponential rule";
    case "root":
      return "power rule";
    case "big":
      return notation.latex === "\\sum" ? "sum rule" : "product rule";
    case "cases":
      return "case by case";
    case "transposed":
      return "transpose rule";
    case "silent":
      return "identity";
    default: {
      // A function without a body has a name of its own.
      const { name } = attributes;
      return `derivative of ${typeof name === "string" ? name : op.name}`;
    }
  }
}

/** A number for good: a literal, a named constant, or made of these. */
function isFixed({ op, args }: Expr): boolean {
  if (op === constant.op || op === namedConstant.op) return true;
  return (
    args.length > 0 && args.every((arg) => arg.op === constant.op || arg.op === namedConstant.op)
  );
}
