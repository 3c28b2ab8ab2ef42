import { toText } from "@chainrule/core";
import { type Derivatives, derivativeName } from "./derivatives.ts";
import { formatValue } from "./numbers.ts";
import type { Request } from "./request.ts";

/** Formulas, one a line, with `= number` where values are given. */
export function formulas(request: Request, { value, gradients, hessian }: Derivatives): string {
  const { name, output, options } = request;
  const line = (head: string, text: string, number: typeof value): string =>
    number === undefined
      ? `${head} = ${text}`
      : `${head} = ${text} = ${formatValue(number, options.digits)}`;
  const lines = [line(name, toText(output, { style: "reading" }), value)];
  for (const one of [...gradients, ...hessian]) {
    lines.push(line(derivativeName(one), toText(one.formula, { style: "reading" }), one.value));
  }
  return `${lines.join("\n")}\n`;
}
