import { type Expr, toText } from "@chainrule/core";
import { decimalLatex } from "../latex/numberLatex.ts";
import { toLatex } from "../latex/toLatex.ts";
import type { Formula } from "./document.ts";
import type { DerivativeNotation } from "./options.ts";
import type { Component, Quantity, Shown } from "./quantity.ts";

/** An expression in symbols. */
export function symbolic(expr: Expr): Formula {
  return { text: toText(expr, { style: "reading" }), latex: toLatex(expr) };
}

/** An expression as a factor of a product. */
export function factor(expr: Expr): Formula {
  const { notation } = expr.op;
  const { text, latex } = symbolic(expr);
  const sum = notation.form === "infix" || notation.form === "prefix" || text.startsWith("-");
  return sum ? { text: `(${text})`, latex: `\\left(${latex}\\right)` } : { text, latex };
}

/** The same with the printed numbers in place of the symbols. */
export function substituted(expr: Expr, sources: readonly Quantity[]): Formula {
  const texts = new Map(sources.map(({ symbol, value }) => [symbol, value.text]));
  const latex = new Map(sources.map(({ symbol, value }) => [symbol, decimalLatex(value.text)]));
  return {
    text: toText(expr, { style: "reading", numerals: texts }),
    latex: toLatex(expr, { numerals: latex }),
  };
}

/** A printed number. */
export function number({ text }: Shown): Formula {
  return { text, latex: decimalLatex(text) };
}

/** A product of printed numbers, negative ones after the first in parentheses. */
export function numbersProduct(factors: readonly Shown[]): Formula {
  const texts = factors.map(({ text }, i) => guarded(text, i > 0));
  const latex = factors.map(({ text }, i) => guarded(decimalLatex(text), i > 0));
  return { text: texts.join(" · "), latex: latex.join(" \\cdot ") };
}

/** A sum of printed numbers: negative ones are subtracted. */
export function numbersSum(terms: readonly Shown[]): Formula {
  return joined(terms.map(({ text }) => ({ text, latex: decimalLatex(text) })));
}

/** Formulas added up; what begins with a minus is subtracted. */
export function joined(terms: readonly Formula[]): Formula {
  const add = (all: readonly string[]): string =>
    all.reduce((sum, term) =>
      term.startsWith("-") ? `${sum} - ${term.slice(1)}` : `${sum} + ${term}`,
    );
  return { text: add(terms.map(({ text }) => text)), latex: add(terms.map(({ latex }) => latex)) };
}

/** A product in symbols. */
export function product(factors: readonly Formula[]): Formula {
  return {
    text: factors.map(({ text }) => text).join(" · "),
    latex: factors.map(({ latex }) => latex).join(" \\cdot "),
  };
}

/** A numeral inside of a product: in parentheses if it begins with a sign. */
export function guarded(numeral: string, inside: boolean): string {
  return inside && numeral.startsWith("-") ? `(${numeral})` : numeral;
}

/** How the derivatives of one output are written. */
export class Symbols {
  readonly #notation: DerivativeNotation;

  constructor(notation: DerivativeNotation) {
    this.#notation = notation;
  }

  /** The name of a quantity. */
  name({ symbol }: Quantity): Formula {
    return symbolic(symbol);
  }

  /** The derivative of the output by a quantity. */
  total(of: Quantity, by: Quantity): Formula {
    const y = this.name(of);
    const x = this.name(by);
    switch (this.#notation) {
      case "bar":
      case "delta":
        return this.upstreamOf(x);
      default:
        return this.ratio(y, x);
    }
  }

  /** The derivative of the output by a step, where sums refer to it. */
  upstream(by: Quantity): Formula {
    return this.upstreamOf(this.name(by));
  }

  /** The same for a name. */
  upstreamOf({ text, latex }: Formula): Formula {
    return this.#notation === "bar"
      ? { text: `bar(${text})`, latex: `\\overline{${latex}}` }
      : { text: `δ_${text}`, latex: `\\delta_{${latex}}` };
  }

  /** A component; where the whole derivative is another one, that of the direct use is meant. */
  local({ of, by, direct }: Component): Formula {
    const { text, latex } = this.ratio(this.name(of), this.name(by));
    if (!direct) return { text, latex };
    return {
      text: `${text}|direct`,
      latex: `\\left.${latex}\\right|_{\\text{direct}}`,
    };
  }

  /** A derivative as it is asked for: `∂y/∂x`, `dy/dx`, `y′(x)`. */
  ratio(y: Formula, x: Formula): Formula {
    switch (this.#notation) {
      case "d":
        return { text: `d${y.text}/d${x.text}`, latex: `\\frac{d ${y.latex}}{d ${x.latex}}` };
      case "prime":
        return { text: `${y.text}'(${x.text})`, latex: `${y.latex}'(${x.latex})` };
      default:
        return {
          text: `∂${y.text}/∂${x.text}`,
          latex: `\\frac{\\partial ${y.latex}}{\\partial ${x.latex}}`,
        };
    }
  }
}
