import { type Expr, grad, greaterEqual, mul, toText, variable, where } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { simplify } from "@chainrule/core/rewrite";
import { type EquationLine, type Formula, toLatex } from "@chainrule/render";
import { activationPages, softmaxPage } from "@chainrule/render/classroom";
import { type ActivationId, activation } from "./activations.ts";

/** A function, its other forms and its derivative, as lines of mathematics. */
export function formulasOf(id: ActivationId, alpha: number): readonly EquationLine[] {
  const f = activation(id, alpha);
  const page = activationPages.find((one) => one.id === id);
  const typed = (page?.forms ?? []).map((form) => parse(form).result);
  const forms = id === "leakyRelu" ? [byCases(alpha)] : typed;
  const slope = simplify(grad(f, variable("x"), { form: "reading" }));
  const right = (expr: Expr): Formula => ({ text: toText(expr), latex: toLatex(expr) });
  return [
    line({ text: "f(x)", latex: "f(x)" }, right(f)),
    ...forms.map((form) => line(undefined, right(form))),
    line({ text: "f'(x)", latex: "f'(x)" }, right(slope)),
  ];
}

/** Leaky ReLU as one defines it, with α as chosen. */
function byCases(alpha: number): Expr {
  const x = variable("x");
  return where(greaterEqual(x, 0), x, mul(alpha, x));
}

/** Softmax and its derivatives. */
export const softmaxFormulas: readonly EquationLine[] = softmaxPage.formulas.map(([left, right]) =>
  line(left, right),
);

function line(left: Formula | undefined, right: Formula): EquationLine {
  return { left, relation: "=", right, remark: undefined, note: undefined };
}
