/** A number and what its surroundings must know. */
export interface NumberLatex {
  readonly latex: string;
  /** Whether it is written as a product, `a\times 10^{n}`. */
  readonly product: boolean;
}

/** `0.5`, `1.5\times 10^{-9}`, `\infty`, `\mathrm{NaN}`; never `-0`. */
export function numberLatex(value: number, digits?: number): NumberLatex {
  if (Number.isNaN(value)) return { latex: "\\mathrm{NaN}", product: false };
  if (!Number.isFinite(value)) return { latex: value < 0 ? "-\\infty" : "\\infty", product: false };
  const shown = digits === undefined ? value : Number(value.toPrecision(digits));
  const [mantissa = "0", exponent] = String(shown === 0 ? 0 : shown).split("e");
  if (exponent === undefined) return { latex: mantissa, product: false };
  const power = `10^{${Number(exponent)}}`;
  if (mantissa === "1") return { latex: power, product: false };
  return { latex: `${mantissa}\\times ${power}`, product: true };
}
