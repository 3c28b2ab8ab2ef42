import { type Expr, formatShape, Tensor, type TupleValue, toText } from "@chainrule/core";
import { matrixLatex } from "../../latex/matrixLatex.ts";
import { nameLatex } from "../../latex/nameLatex.ts";
import { decimalLatex } from "../../latex/numberLatex.ts";
import { shapeLatex } from "../../latex/printNode.ts";
import { toLatex } from "../../latex/toLatex.ts";
import { roundNumber } from "../../number/roundNumber.ts";
import type { Block, Document, EquationLine, Formula, Inline } from "../document.ts";
import { continued, heading, line, paragraph } from "../lines.ts";
import { roundingText } from "../rounding.ts";
import { elementFormula } from "./elementOf.ts";
import type { MatrixDerivation, TensorAdjoint, TensorQuantity } from "./matrixDerivation.ts";

/** Tensors of more elements than these are given by their shape. */
const FEW = 16;

/** The worked solution of a tensor graph in words and formulas. */
export function composeMatrix(derivation: MatrixDerivation): Document {
  return new MatrixComposer(derivation).document();
}

class MatrixComposer {
  readonly #derivation: MatrixDerivation;
  /** LaTeX of adjoints and of derivatives by name. */
  readonly #symbols = new Map<Expr, string>();
  readonly #texts = new Map<Expr, string>();
  readonly #told = new Set<Expr>();

  constructor(derivation: MatrixDerivation) {
    this.#derivation = derivation;
    const bar = derivation.settings.notation === "bar";
    for (const { of, symbol } of [...derivation.adjoints, ...derivation.derivatives]) {
      const name = nameLatex(of.name);
      this.#symbols.set(symbol, bar ? `\\overline{${name}}` : `\\delta_{${name}}`);
    }
    for (const { symbol, latex, name, argument } of derivation.primed) {
      this.#symbols.set(symbol, `${latex}'(${toLatex(argument)})`);
      this.#texts.set(symbol, `${name}'(${toText(argument, { style: "reading" })})`);
    }
  }

  document(): Document {
    const { output, steps, adjoints, derivatives, numbers, settings } = this.#derivation;
    const L = this.#name(output);
    const blocks: Block[] = [
      this.#shapes(),
      heading("Forward pass"),
      {
        kind: "equations",
        lines: steps.flatMap((step) => [
          line(this.#name(step), "=", this.#formula(step.definition), shapeRemark(step.node)),
          ...this.#value(step.value),
        ]),
      },
      heading("Adjoints, from the output down"),
      paragraph(
        this.#delta({ text: "x", latex: "x" }),
        " is the derivative of ",
        L,
        " by ",
        { text: "x", latex: "x" },
        " and has its shape: the derivative by an element stands at that element's place. ",
        { text: "⊙ (.*)", latex: "\\odot" },
        " multiplies element by element; ",
        { text: "a sum", latex: "\\sum_{0}" },
        " with a number sums over that axis, counted from 0.",
      ),
    ];
    const lines = adjoints.flatMap((adjoint) =>
      this.#adjoint(adjoint, this.#formula(adjoint.symbol)),
    );
    if (lines.length > 0) blocks.push({ kind: "equations", lines });
    blocks.push(heading("Derivatives"));
    for (const one of derivatives) blocks.push(...this.#derivative(one, L));
    blocks.push(...this.#updates(L));
    if (numbers) blocks.push(paragraph(`Numbers are ${roundingText(settings.format)}.`));
    return { title: ["Derivatives of ", L, " in matrix form"], blocks };
  }

  #derivative(one: TensorAdjoint, L: Formula): Block[] {
    const left = this.#ratio(L, this.#name(one.of));
    if (one.terms.length > 0) return [{ kind: "equations", lines: this.#adjoint(one, left) }];
    if (one.of.node === this.#derivation.output.node) {
      return [{ kind: "equations", lines: [line(left, "=", { text: "1", latex: "1" })] }];
    }
    return [
      paragraph("No path leads from ", this.#name(one.of), " to ", L, ":"),
      { kind: "equations", lines: [line(left, "=", { text: "0", latex: "0" })] },
    ];
  }

  #adjoint(adjoint: TensorAdjoint, left: Formula): EquationLine[] {
    const { terms, value } = adjoint;
    const lines: EquationLine[] = [];
    if (terms.length === 0) {
      lines.push(line(left, "=", { text: "1", latex: "1" }, "the output by itself"));
      return lines;
    }
    terms.forEach(({ primed, user, rules }, i) => {
      const formula = this.#formula(primed);
      const remark = `${rules.join(", ")}; from ${user.name}`;
      lines.push(
        i === 0
          ? line(left, "=", formula, remark)
          : line(undefined, "", continued(formula), remark),
      );
    });
    for (const { primed, formula } of terms) {
      if (primed !== formula) lines.push(...this.#primes(primed));
    }
    if (this.#derivation.settings.elements) lines.push(...this.#elements(adjoint, left));
    lines.push(...this.#value(value));
    return lines;
  }

  /** `σ′(z) = y ⊙ (1 − y)`, where it is used first. */
  #primes(formula: Expr): EquationLine[] {
    return this.#derivation.primed.flatMap(({ symbol, shown }) => {
      if (this.#told.has(symbol) || !contains(formula, symbol)) return [];
      this.#told.add(symbol);
      return [line(this.#formula(symbol), "=", this.#formula(shown))];
    });
  }

  /** The element at `i j`, where the formula can be written so. */
  #elements({ terms, symbol }: TensorAdjoint, left: Formula): EquationLine[] {
    if (symbol.shape.length === 0) return [];
    const names = { latex: this.#symbols, primed: this.#derivation.primed };
    const parts = terms.map(({ primed }) => elementFormula(primed, names));
    const [first] = parts;
    if (first === undefined || parts.some((part) => part === undefined)) return [];
    const element = {
      text: `(${left.text})[${first.indices.join(", ")}]`,
      latex: `\\left(${left.latex}\\right)_{${first.indices.join(" ")}}`,
    };
    return parts.map((part, i) => {
      const right = part?.right as Formula;
      if (i === 0) return line(element, "=", right, "elements");
      return line(undefined, "", continued(right));
    });
  }

  #updates(L: Formula): Block[] {
    const { derivatives, settings } = this.#derivation;
    if (settings.rate === undefined) return [];
    const lines = derivatives
      .filter(({ of, terms }) => of.node.args.length === 0 && terms.length > 0)
      .map(({ of }) => {
        const name = this.#name(of);
        const slope = this.#ratio(L, name);
        const eta = roundNumber(settings.rate as number).text;
        return line({ text: `new ${name.text}`, latex: `${name.latex}^{\\text{new}}` }, "=", {
          text: `${name.text} - ${eta} ${slope.text}`,
          latex: `${name.latex} - ${decimalLatex(eta)}\\,${slope.latex}`,
        });
      });
    return [heading("Update"), { kind: "equations", lines }];
  }

  #shapes(): Block {
    const content: Inline[] = ["Shapes: "];
    for (const { name, node } of this.#derivation.inputs) {
      if (content.length > 1) content.push(", ");
      const shape = node.shape.length === 0 ? "\\text{scalar}" : shapeLatex(node.shape);
      const words = node.shape.length === 0 ? "scalar" : formatShape(node.shape);
      content.push({ text: `${name} ${words}`, latex: `${nameLatex(name)}: ${shape}` });
    }
    return { kind: "paragraph", content: [...content, "."] };
  }

  #value(value: TupleValue | undefined): EquationLine[] {
    if (value === undefined || Array.isArray(value)) return [];
    const { format } = this.#derivation.settings;
    if (typeof value === "number") {
      const { text, whole } = roundNumber(value, format);
      return [line(undefined, whole ? "=" : "≈", { text, latex: decimalLatex(text) })];
    }
    if (!(value instanceof Tensor) || value.data.length > FEW || value.shape.length > 2) return [];
    const rounded = Array.from(value.data, (item) => roundNumber(item, format));
    const relation = rounded.every(({ whole }) => whole) ? "=" : "≈";
    const text = nested(
      rounded.map((one) => one.text),
      value.shape,
    );
    const { latex } = matrixLatex(value, format);
    return [line(undefined, relation, { text, latex })];
  }

  #name({ symbol }: TensorQuantity): Formula {
    return this.#formula(symbol);
  }

  #formula(expr: Expr): Formula {
    return {
      text: toText(expr, { style: "reading", numerals: this.#texts }),
      latex: toLatex(expr, { symbols: this.#symbols }),
    };
  }

  #delta({ text, latex }: Formula): Formula {
    return this.#derivation.settings.notation === "bar"
      ? { text: `bar(${text})`, latex: `\\overline{${latex}}` }
      : { text: `δ_${text}`, latex: `\\delta_{${latex}}` };
  }

  #ratio(y: Formula, x: Formula): Formula {
    const { notation } = this.#derivation.settings;
    if (notation === "bar" || notation === "delta") return this.#delta(x);
    const d = notation === "d" ? "d" : "∂";
    const latex = notation === "d" ? "d" : "\\partial";
    return {
      text: `${d}${y.text}/${d}${x.text}`,
      latex: `\\frac{${latex} ${y.latex}}{${latex} ${x.latex}}`,
    };
  }
}

function contains(expr: Expr, leaf: Expr): boolean {
  const open = [expr];
  const seen = new Set<Expr>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === leaf) return true;
    for (const arg of node.args) {
      if (seen.has(arg)) continue;
      seen.add(arg);
      open.push(arg);
    }
  }
  return false;
}

function shapeRemark({ shape }: Expr): string | undefined {
  return shape.length === 0 ? undefined : formatShape(shape);
}

/** Numbers in nested brackets. */
function nested(texts: readonly string[], shape: readonly number[]): string {
  if (shape.length < 2) return `[${texts.join(", ")}]`;
  const columns = shape[1] as number;
  const rows: string[] = [];
  for (let at = 0; at < texts.length; at += columns)
    rows.push(`[${texts.slice(at, at + columns).join(", ")}]`);
  return `[${rows.join(", ")}]`;
}
