import {
  broadcastTo,
  cast,
  type Expr,
  matmul,
  parameter,
  reshape,
  sum,
  topological,
  toText,
  transpose,
  withArgs,
} from "@chainrule/core";
import { toLatex } from "../../latex/toLatex.ts";
import type { Formula } from "../document.ts";
import type { Primed } from "./matrixDerivation.ts";

/** Formulas of more nodes than these are not written element by element. */
const LARGEST = 60;

/** Names of indices, in the order they are used. */
const LETTERS = "ijklmnpqrstuvw";

/** How leaves are written: adjoints as `\delta_{z}`, activations' derivatives as `\sigma'`. */
export interface ElementNames {
  readonly latex: ReadonlyMap<Expr, string>;
  readonly primed: readonly Primed[];
}

/**
 * One element of a formula: `\sum_{k} x_{k i}\,\delta_{k j}`; `undefined` for formulas too large, or
 * of more axes than there are letters.
 */
export function elementFormula(
  formula: Expr,
  names: ElementNames,
): { readonly indices: readonly string[]; readonly right: Formula } | undefined {
  const large = topological([formula]).nodes.length > LARGEST;
  if (large || formula.shape.length > LETTERS.length) return undefined;
  const indices = formula.shape.map((dim, i) => (dim === 1 ? "1" : (LETTERS[i] as string)));
  const writer = new ElementWriter(names, formula.shape.length);
  const element = writer.element(formula, indices);
  return element && { indices, right: writer.formula(element) };
}

class ElementWriter {
  readonly #names: ElementNames;
  /** How the scalars are written that stand for elements, and for sums inside of products. */
  readonly #latex = new Map<Expr, string>();
  readonly #texts = new Map<Expr, string>();
  /** Sums that stand alone need no parentheses. */
  readonly #sums = new Map<Expr, Formula>();
  #used: number;

  constructor(names: ElementNames, used: number) {
    this.#names = names;
    this.#used = used;
  }

  formula(scalar: Expr): Formula {
    return (
      this.#sums.get(scalar) ?? {
        text: toText(scalar, { numerals: this.#texts, style: "reading", share: false }),
        latex: toLatex(scalar, { symbols: this.#latex, share: false }),
      }
    );
  }

  /** A scalar expression for the element at these indices. Depth is that of a formula of few nodes. */
  element(expr: Expr, indices: readonly string[]): Expr | undefined {
    const { op, args, attributes, shape } = expr;
    const [x] = args;
    if (shape.length === 0 && args.length === 0) return expr;
    if (x === undefined) return this.#leaf(expr, indices);
    if (op === transpose.op) {
      const order = attributes["permutation"] as readonly number[];
      const own: string[] = [];
      order.forEach((axis, i) => {
        own[axis] = indices[i] as string;
      });
      return this.element(x, own);
    }
    if (op === broadcastTo.op) return this.element(x, aligned(x, expr, indices));
    if (op === cast.op) return this.element(x, indices);
    if (op === reshape.op) return this.#reshaped(expr, indices);
    if (op === matmul.op) return this.#product(expr, indices);
    if (op === sum.op) return this.#summed(expr, indices);
    if (op.elementwise === undefined) return this.#leaf(expr, indices);
    const elements = args.map((arg) => this.element(arg, aligned(arg, expr, indices)));
    if (elements.some((one) => one === undefined)) return undefined;
    return withArgs(expr, elements as Expr[]);
  }

  /** `W_{i j}`, or any other formula in parentheses with its indices. */
  #leaf(expr: Expr, indices: readonly string[]): Expr | undefined {
    const primed = this.#names.primed.find(({ symbol }) => symbol === expr);
    if (primed !== undefined) {
      const at = this.element(primed.argument, indices);
      if (at === undefined) return undefined;
      const { text, latex } = this.formula(at);
      return this.#scalar(
        { text: `${primed.name}'(${text})`, latex: `${primed.latex}'(${latex})` },
        expr,
      );
    }
    const plain = toLatex(expr, { symbols: this.#names.latex, share: false });
    const words = toText(expr, { style: "reading", share: false });
    if (indices.length === 0) return this.#scalar({ text: words, latex: plain }, expr);
    const letter = expr.args.length === 0 && !plain.includes("_");
    const base = letter ? `{${plain}}` : `\\left(${plain}\\right)`;
    const latex = `${base}_{${indices.join(" ")}}`;
    return this.#scalar({ text: `${words}[${indices.join(", ")}]`, latex }, expr);
  }

  #scalar({ text, latex }: Formula, { dtype }: Expr): Expr {
    const made = parameter("element", [], dtype);
    this.#latex.set(made, latex);
    this.#texts.set(made, text);
    return made;
  }

  #next(): string | undefined {
    return LETTERS[this.#used++];
  }

  #sum(over: readonly string[], body: Expr): Expr {
    const { text, latex } = this.formula(body);
    const alone = {
      text: `Σ_${over.join("")} ${text}`,
      latex: `\\sum_{${over.join(" ")}} ${latex}`,
    };
    const made = this.#scalar(
      { text: `(${alone.text})`, latex: `\\Bigl(${alone.latex}\\Bigr)` },
      body,
    );
    this.#sums.set(made, alone);
    return made;
  }

  #product({ args }: Expr, indices: readonly string[]): Expr | undefined {
    const [a, b] = args as readonly [Expr, Expr];
    const inner = this.#next();
    if (inner === undefined) return undefined;
    const lead = indices.slice(0, -2);
    const [row = "", column = ""] = indices.slice(-2);
    const own = (arg: Expr): string[] => {
      const rank = arg.shape.length - 2;
      return lead.slice(lead.length - rank).map((index, i) => (arg.shape[i] === 1 ? "1" : index));
    };
    const left = this.element(a, [...own(a), row, inner]);
    const right = this.element(b, [...own(b), inner, column]);
    if (left === undefined || right === undefined) return undefined;
    const times = left.mul(right);
    return a.shape.at(-1) === 1 ? times : this.#sum([inner], times);
  }

  #summed({ args, attributes }: Expr, indices: readonly string[]): Expr | undefined {
    const x = args[0] as Expr;
    const axes = attributes["axes"] as readonly number[];
    const rest = [...indices];
    const over: string[] = [];
    const own: string[] = [];
    for (let axis = 0; axis < x.shape.length; axis++) {
      if (!axes.includes(axis)) {
        own.push(rest.shift() ?? "1");
        continue;
      }
      if (attributes["keepDims"] === true) rest.shift();
      const index = this.#next();
      if (index === undefined) return undefined;
      over.push(index);
      own.push(index);
    }
    const body = this.element(x, own);
    return body && this.#sum(over, body);
  }

  /** Axes of length 1 that come or go. */
  #reshaped({ args, shape }: Expr, indices: readonly string[]): Expr | undefined {
    const x = args[0] as Expr;
    const real = (one: Expr["shape"]): Expr["shape"] => one.filter((dim) => dim !== 1);
    if (real(x.shape).join() !== real(shape).join()) return undefined;
    const kept = indices.filter((_, i) => shape[i] !== 1);
    return this.element(
      x,
      x.shape.map((dim) => (dim === 1 ? "1" : (kept.shift() as string))),
    );
  }
}

/** The indices of an operand that is broadcast to the result. */
function aligned(arg: Expr, out: Expr, indices: readonly string[]): string[] {
  const lead = out.shape.length - arg.shape.length;
  return arg.shape.map((dim, i) =>
    dim === 1 && out.shape[lead + i] !== 1 ? "1" : (indices[lead + i] as string),
  );
}
