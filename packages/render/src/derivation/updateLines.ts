import { decimalLatex } from "../latex/numberLatex.ts";
import type { EquationLine, Formula } from "./document.ts";
import { guarded, type Symbols } from "./formulas.ts";
import { line, sign } from "./lines.ts";
import type { Shown, Update } from "./quantity.ts";

/** `w − η ∂E/∂w`, in symbols and with numbers. */
export function updateLines({ of, derivative, rate }: Update, symbols: Symbols): EquationLine[] {
  const name = symbols.name(of);
  const slope = symbols.total(derivative.of, derivative.by);
  const next = { text: `new ${name.text}`, latex: `${name.latex}^{\\text{new}}` };
  const rule = {
    text: `${name.text} - η ${slope.text}`,
    latex: `${name.latex} - \\eta\\,${slope.latex}`,
  };
  const numbers = updateNumbers(of.value, `${rate}`, derivative.value);
  return [line(next, "=", rule), line(undefined, sign(derivative.value), numbers)];
}

/** `w − η ∂E/∂w` with numbers: `0.5 − 0.6 · 0.0802`. */
function updateNumbers(of: Shown, rate: string, derivative: Shown): Formula {
  const write = (one: string, eta: string, slope: string): string =>
    `${one} - ${eta} \\cdot ${guarded(slope, true)}`;
  return {
    text: write(of.text, rate, derivative.text).replace("\\cdot", "·"),
    latex: write(decimalLatex(of.text), decimalLatex(rate), decimalLatex(derivative.text)),
  };
}
