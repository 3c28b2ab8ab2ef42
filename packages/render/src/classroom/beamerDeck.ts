import {
  ArgumentError,
  type Bindings,
  backprop,
  type Expr,
  isInput,
  Program,
  type Trace,
  type TraceNode,
  topological,
} from "@chainrule/core";
import { merged } from "../derivation/derivation.ts";
import { nameLatex } from "../latex/nameLatex.ts";
import { decimalLatex } from "../latex/numberLatex.ts";
import { toLatex } from "../latex/toLatex.ts";
import { roundNumber } from "../number/roundNumber.ts";
import { framed, type Row } from "./beamerFrames.ts";

/** Nobody sits through more. */
const MOST_STEPS = 300;

/** The slides of a scalar graph: each step with its numbers, forward, then backward. */
export class Deck {
  readonly #trace: Trace;
  readonly #labels: ReadonlyMap<Expr, string>;
  readonly #numbers: boolean;
  readonly #digits: number;

  constructor(target: Expr | Program, values: Bindings | undefined, digits: number) {
    const program = target instanceof Program ? target : undefined;
    const bindings = merged(program, values);
    const output = program?.result ?? (target as Expr);
    const { nodes } = topological([output]);
    if (nodes.length > MOST_STEPS) {
      throw new ArgumentError(
        `toBeamer: an expression must have at most ${MOST_STEPS} steps, got ${nodes.length}`,
      );
    }
    // Formulas need no numbers: every input is not a number then.
    const unknowns = new Map(nodes.filter(isInput).map((node) => [node, Number.NaN]));
    this.#trace = backprop(target, bindings ?? unknowns);
    this.#labels = labelsOf(this.#trace);
    this.#numbers = bindings !== undefined;
    this.#digits = digits;
  }

  frames(): string[] {
    const { nodes, gradients, output } = this.#trace;
    const shown = nodes.filter(({ node }) => this.#labels.has(node));
    const inputs = shown.filter(({ node }) => node.args.length === 0);
    const steps = shown.filter(({ node }) => node.args.length > 0);
    const back = [...shown].reverse().filter(({ adjoint }) => adjoint !== undefined);
    const ends = gradients.map(({ node, value }): Row => {
      const right = typeof value === "number" && this.#numbers ? this.#number(value) : undefined;
      return { left: this.#ratio(node), right: right === undefined ? [] : [right] };
    });
    return [
      ...framed("The expression", [
        { left: this.#name(output), right: [toLatex(output, { names: this.#inputNames() })] },
      ]),
      ...(this.#numbers
        ? framed(
            "Inputs",
            inputs.map((entry) => this.#input(entry)),
          )
        : []),
      ...framed(
        "Forward: values",
        steps.map((entry) => this.#forward(entry)),
      ),
      ...framed(
        "Backward: upstream times local derivative",
        back.map((entry) => this.#backward(entry)),
      ),
      ...(this.#numbers ? framed("The gradient", ends) : []),
    ];
  }

  #inputNames(): ReadonlyMap<Expr, string> {
    return new Map([...this.#labels].filter(([node]) => node.args.length === 0));
  }

  #input({ node, value }: TraceNode): Row {
    return { left: this.#name(node), right: [this.#number(value as number)] };
  }

  #forward({ node, value }: TraceNode): Row {
    const names = new Map(this.#labels);
    names.delete(node);
    const right = [toLatex(node, { names })];
    if (this.#numbers) {
      const numerals = new Map(
        node.args.flatMap((arg): [Expr, string][] =>
          this.#labels.has(arg) ? [[arg, this.#number(this.#trace.at(arg)?.value as number)]] : [],
        ),
      );
      right.push(toLatex(node, { numerals }), this.#number(value as number));
    }
    return { left: this.#name(node), right };
  }

  #backward({ node, contributions, adjoint }: TraceNode): Row {
    if (contributions.length === 0) return { left: this.#ratio(node), right: ["1"] };
    const symbols: string[] = [];
    const numbers: string[] = [];
    for (const { user, partial, upstream } of contributions) {
      if (partial === undefined) continue;
      const local = toLatex(partial.shown, { names: this.#labels });
      symbols.push(`${this.#ratio(user)} \\cdot ${bracketed(local)}`);
      const factors = [upstream as number, partial.value as number].map((one) => this.#number(one));
      numbers.push(factors.map((one) => (one.startsWith("-") ? `(${one})` : one)).join(" \\cdot "));
    }
    const right = [symbols.join(" + ")];
    if (this.#numbers) right.push(numbers.join(" + "), this.#number(adjoint as number));
    return { left: this.#ratio(node), right };
  }

  #name(node: Expr): string {
    return nameLatex(this.#labels.get(node) ?? "y");
  }

  #ratio(node: Expr): string {
    const { output } = this.#trace;
    return `\\frac{\\partial ${this.#name(output)}}{\\partial ${this.#name(node)}}`;
  }

  #number(value: number): string {
    return decimalLatex(roundNumber(value, { digits: this.#digits }).text);
  }
}

/** Names of nodes: their own, or v1, v2, … in forward order; y for a result without one. */
function labelsOf({ nodes, output }: Trace): ReadonlyMap<Expr, string> {
  const labels = new Map<Expr, string>();
  const taken = new Set(nodes.map(({ name }) => name));
  let count = 0;
  for (const { node, name } of nodes) {
    if (name !== undefined) labels.set(node, name);
    else if (node === output)
      labels.set(node, ["y", "f", "result"].find((one) => !taken.has(one)) ?? "result_");
    else if (node.args.length > 0) {
      do count++;
      while (taken.has(`v${count}`));
      labels.set(node, `v${count}`);
    }
  }
  return labels;
}

/** A sum, or what begins with a sign, is a factor in parentheses only. */
function bracketed(latex: string): string {
  let depth = 0;
  for (let i = 0; i < latex.length; i++) {
    const letter = latex[i] as string;
    if ("([{".includes(letter)) depth++;
    if (")]}".includes(letter)) depth--;
    if (depth === 0 && "+-".includes(letter)) return `\\left(${latex}\\right)`;
  }
  return latex;
}
