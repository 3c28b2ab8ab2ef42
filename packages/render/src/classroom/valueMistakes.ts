import {
  add,
  div,
  type Expr,
  evaluate,
  isInput,
  leavesOf,
  mul,
  neg,
  type Program,
  pow,
  square,
  sub,
  substitute,
  topological,
  toText,
} from "@chainrule/core";
import type { NamedMistake } from "./checkAnswer.ts";

/** What one may make of an operation by mistake. */
interface Slip {
  readonly name: string;
  /** `2 + b`, in place of the operation. */
  readonly made: Expr;
  /** Of the operation and what was made of it, as texts. */
  readonly say: (right: string, made: string) => string;
}

const instead = (right: string, made: string): string => `${right} was computed as ${made}.`;
const forgotten =
  (what: string): Slip["say"] =>
  (right) =>
    `In ${right}, ${what} is forgotten.`;

/** Slips with one operation, by the text of its parts. */
type Slips = (args: readonly [Expr, Expr], text: (node: Expr) => string) => readonly Slip[];

const slips: readonly { readonly of: Expr["op"]; readonly make: Slips }[] = [
  {
    of: add.op,
    make: ([a, b]) => [
      { name: "sign of a term", made: sub(a, b), say: instead },
      { name: "product for sum", made: mul(a, b), say: instead },
      { name: "term forgotten", made: a, say: forgotten("a term") },
      { name: "term forgotten", made: b, say: forgotten("a term") },
    ],
  },
  {
    of: sub.op,
    make: ([a, b]) => [
      { name: "sign of a term", made: add(a, b), say: instead },
      { name: "order of a difference", made: sub(b, a), say: instead },
      { name: "term forgotten", made: a, say: forgotten("a term") },
    ],
  },
  {
    of: mul.op,
    make: ([a, b], text) => [
      ...[
        [a, b],
        [b, a],
      ].flatMap(([factor, sum]) => bracketIgnored(factor as Expr, sum as Expr)),
      { name: "factor forgotten", made: b, say: forgotten(`the factor ${text(a)}`) },
      { name: "factor forgotten", made: a, say: forgotten(`the factor ${text(b)}`) },
      { name: "sum for product", made: add(a, b), say: instead },
    ],
  },
  {
    of: div.op,
    make: ([a, b], text) => [
      { name: "quotient upside down", made: div(b, a), say: instead },
      { name: "divisor forgotten", made: a, say: forgotten(`the divisor ${text(b)}`) },
    ],
  },
  { of: neg.op, make: ([a]) => [{ name: "sign", made: a, say: forgotten("the sign") }] },
  { of: square.op, make: ([a]) => powerSlips(a, 2) },
  { of: pow.op, make: ([a, b]) => powerSlips(a, exponentOf(b)) },
];

/** `c(a + d)` read as `c a + d`. */
function bracketIgnored(factor: Expr, sum: Expr): readonly Slip[] {
  const [a, b] = sum.args as [Expr, Expr];
  const join = sum.op === add.op ? add : sum.op === sub.op ? sub : undefined;
  if (join === undefined) return [];
  return [{ name: "order of operations", made: join(mul(factor, a), b), say: instead }];
}

function exponentOf(node: Expr): number | undefined {
  const { value } = node.attributes;
  return typeof value === "number" && Number.isInteger(value) && value > 1 ? value : undefined;
}

/** `(ab)²` read as `a b²`, `(a + b)²` as `a² + b²`, `x²` as `2x`, `(-x)²` as `-x²`. */
function powerSlips(base: Expr, exponent: number | undefined): readonly Slip[] {
  if (exponent === undefined) return [];
  const raise = (x: Expr): Expr => pow(x, exponent);
  const [a, b] = base.args as [Expr, Expr];
  const join = [add, sub].find((one) => one.op === base.op);
  return [
    ...(join === undefined
      ? []
      : [{ name: "power of a sum", made: join(raise(a), raise(b)), say: instead }]),
    ...(base.op === mul.op
      ? [{ name: "order of operations", made: mul(a, raise(b)), say: instead }]
      : []),
    { name: "sign of a power", made: neg(raise(base)), say: instead },
    { name: "multiple for power", made: mul(exponent, base), say: instead },
    { name: "power forgotten", made: base, say: forgotten("the power") },
  ];
}

/** `σ(z)` left at `z`. */
function unaryForgotten(node: Expr): readonly Slip[] {
  const [x] = node.args;
  const called = node.op.elementwise !== undefined && node.op.notation.form === "call";
  if (x === undefined || node.args.length !== 1 || !called) return [];
  return [{ name: "function forgotten", made: x, say: forgotten("the function") }];
}

/** A larger graph is no exercise by hand. */
const MOST_NODES = 200;

/** Of more explanations none is worth much. */
const MOST_SENTENCES = 3;

/**
 * What a wrong value may come of: another quantity, the sign, or one operation on the way computed
 * otherwise. Only mistakes that give the very number, up to rounding, are named.
 */
export function valueMistakes(
  program: Program,
  of: string,
  values: Readonly<Record<string, number>>,
  number: number,
  tolerance: number,
): readonly NamedMistake[] {
  const target = program.definitions[of] as Expr;
  const order = topological([target]).nodes;
  const gives = (expr: Expr): boolean => {
    const value = evaluate(expr, values, { extra: "allow" });
    if (typeof value !== "number" || !Number.isFinite(value)) return false;
    return Math.abs(value - number) <= tolerance * Math.max(Math.abs(value), tolerance);
  };
  const found = new Map<string, NamedMistake>();
  const note = (name: string, sentence: string): void =>
    void found.set(sentence, { name, sentence });
  for (const [name, node] of Object.entries(program.definitions)) {
    if (node !== target && gives(node)) {
      note("other value", `This is the value of ${name}, not of ${of}.`);
    }
  }
  if (number !== 0 && gives(neg(target))) note("sign", "The sign is wrong.");
  if (order.length <= MOST_NODES) {
    // Mistakes in the last step first.
    for (const node of [...order].reverse()) {
      for (const { name, made, say } of slipsOf(program, node)) {
        const [wrong] = substitute([target], new Map([[node, made]]));
        if (wrong === undefined || !gives(wrong)) continue;
        note(name, say(formulaOf(program, node, node), formulaOf(program, made, node)));
      }
    }
  }
  return [...found.values()].slice(0, MOST_SENTENCES);
}

function slipsOf(program: Program, node: Expr): readonly Slip[] {
  if (!leavesOf([node]).some(isInput)) return [];
  const known = slips.find((one) => one.of === node.op);
  const args = node.args as readonly [Expr, Expr];
  return known?.make(args, (arg) => textOf(program, arg)) ?? unaryForgotten(node);
}

function textOf({ names }: Program, expr: Expr): string {
  return toText(expr, { names, style: "reading" });
}

/** With the formula of a node, `2b`, also where the program calls it d. */
function formulaOf({ names }: Program, expr: Expr, node: Expr): string {
  const others = new Map(names);
  others.delete(node);
  return toText(expr, { names: others, style: "reading" });
}
