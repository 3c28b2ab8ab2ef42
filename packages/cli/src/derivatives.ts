import { type Expr, evaluate, grad, jacobian, type RuleForm, type Value } from "@chainrule/core";
import { simplify } from "@chainrule/core/rewrite";
import type { Request } from "./request.ts";
import { UsageError } from "./usageError.ts";

/** One derivative: its name in parts, its formula, and its number where values are given. */
export interface Derivative {
  readonly y: string;
  /** Variables differentiated by; one name for a pure derivative of any order. */
  readonly x: readonly string[];
  readonly order: number;
  /** Whether the output has this one variable, so that d stands in place of ∂. */
  readonly single: boolean;
  /** Simplified for reading. */
  readonly formula: Expr;
  /** As it is computed. */
  readonly expression: Expr;
  readonly value: Value | undefined;
}

/** All derivatives of one call. */
export interface Derivatives {
  readonly value: Value | undefined;
  /** First derivatives, or pure derivatives of the order asked for. */
  readonly gradients: readonly Derivative[];
  /** Second derivatives by every pair, where order 2 is asked for. */
  readonly hessian: readonly Derivative[];
}

/** `dL/da`, `d2L/da2`, `d2L/da db`: the name of a derivative as text. */
export function derivativeName(
  { y, x, order }: Pick<Derivative, "y" | "x" | "order">,
  sign: "d" | "∂" = "d",
): string {
  const power = order === 1 ? "" : String(order);
  if (x.length === 1) return `${sign}${power}${y}/${sign}${x[0]}${power}`;
  return `${sign}${power}${y}/${x.map((name) => `${sign}${name}`).join(" ")}`;
}

/** Differentiates the request's output by its variables. */
export function differentiate(request: Request): Derivatives {
  const { output, wrt, name, options, values } = request;
  const names = Object.keys(wrt);
  const single = names.length === 1 && options.wrt === undefined;
  const { order } = options;
  const scalar = output.shape.length === 0;
  if (!scalar && order > 1) {
    throw new UsageError(
      `--order: the output must be a scalar, got shape [${output.shape.join(", ")}]`,
    );
  }
  const pure = (x: string, form: RuleForm): Expr => {
    const variable = wrt[x] as Expr;
    if (!scalar) return jacobian(output, variable);
    let at: Expr = output;
    for (let i = 0; i < order; i++) at = next(at, variable, form);
    return at;
  };
  const make = (
    x: readonly string[],
    degree: number,
    derive: (form: RuleForm) => Expr,
  ): Derivative => ({
    y: name,
    x,
    order: degree,
    single,
    expression: derive("computed"),
    formula: simplify(derive("reading")),
    value: undefined,
  });
  const gradients = names.map((x) => make([x], order, (form) => pure(x, form)));
  const hessian = order === 2 ? secondDerivatives(request, make) : [];
  if (values === undefined) return { value: undefined, gradients, hessian };
  const all = [...gradients, ...hessian];
  const [value, ...numbers] = evaluate([output, ...all.map((one) => one.expression)], values, {
    extra: "allow",
  });
  const filled = all.map((one, i) => ({ ...one, value: numbers[i] }));
  return {
    value,
    gradients: filled.slice(0, gradients.length),
    hessian: filled.slice(gradients.length),
  };
}

/** The next derivative by a scalar; of a gradient by a tensor, its Jacobian. */
function next(y: Expr, x: Expr, form: RuleForm): Expr {
  return y.shape.length === 0 ? grad(y, x, { form }) : jacobian(y, x);
}

function secondDerivatives(
  { output, wrt }: Request,
  make: (x: readonly string[], order: number, derive: (form: RuleForm) => Expr) => Derivative,
): Derivative[] {
  const out: Derivative[] = [];
  for (const [a, x] of Object.entries(wrt)) {
    for (const [b, other] of Object.entries(wrt)) {
      if (a === b) continue;
      out.push(make([a, b], 2, (form) => next(next(output, x, form), other, form)));
    }
  }
  return out;
}
