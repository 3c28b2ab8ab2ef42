import { type Contribution, constant, type Expr, mul, neg } from "@chainrule/core";

/** One way by which a box uses another: the chain rule through what is merged into the box. */
export interface ChainStep {
  /** The local derivative as it is shown; `undefined` where an op has a rule of its own. */
  readonly local: Expr | undefined;
  readonly value: number | undefined;
  /** What comes back to the argument. */
  readonly back: Contribution["value"];
}

/** The product of the partials along a chain, `∂host/∂v · ∂v/∂x`, its numbers multiplied out. */
export function chainStep(
  chain: readonly Contribution[],
  isNamed: (node: Expr) => boolean,
): ChainStep {
  const [first] = chain as readonly [Contribution];
  const { partial, value: back } = first;
  if (chain.length === 1) {
    const value = typeof partial?.value === "number" ? partial.value : undefined;
    return { local: partial?.shown, value, back };
  }
  let value: number | undefined = 1;
  let number = 1;
  const factors: Expr[] = [];
  for (let i = chain.length - 1; i >= 0; i--) {
    const forms = (chain[i] as Contribution).partial;
    if (forms === undefined) return { local: undefined, value: undefined, back };
    value =
      value === undefined || typeof forms.value !== "number" ? undefined : value * forms.value;
    const stack = [forms.shown];
    while (stack.length > 0) {
      const node = stack.pop() as Expr;
      const known = numberOf(node);
      if (known !== undefined) number *= known;
      else if (node.op === mul.op && !isNamed(node)) stack.push(...[...node.args].reverse());
      else factors.push(node);
    }
  }
  return { local: product(number, factors), value, back };
}

/** A number, or the quotient or opposite of numbers. */
function numberOf({ op, attributes, args }: Expr): number | undefined {
  const { value } = attributes;
  if (op === constant.op) return typeof value === "number" ? value : undefined;
  const { form } = op.notation;
  if (form !== "fraction" && form !== "prefix") return undefined;
  const numbers = args.map((arg) =>
    arg.op === constant.op && typeof arg.attributes["value"] === "number"
      ? arg.attributes["value"]
      : Number.NaN,
  );
  const [a = Number.NaN, b] = numbers;
  const result = form === "prefix" && op === neg.op ? -a : b === undefined ? Number.NaN : a / b;
  return Number.isNaN(result) ? undefined : result;
}

function product(number: number, factors: readonly Expr[]): Expr {
  if (factors.length === 0) return constant(number);
  const rest = factors.reduce((a, b) => mul(a, b));
  if (number === 1) return rest;
  return number === -1 ? neg(rest) : mul(constant(number), rest);
}
