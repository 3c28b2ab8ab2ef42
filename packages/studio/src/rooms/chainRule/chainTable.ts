import {
  type ChainProduct,
  chainProducts,
  type Derivative,
  type Document,
  decimalLatex,
  derivation,
  derivationDocument,
} from "@chainrule/render";
import type { Lesson } from "./lesson.ts";

/** The derivative by one variable: products whose factors are edges, and every line with its rule. */
export interface ChainTable {
  readonly derivative: Derivative;
  readonly products: readonly ChainProduct[];
  /** Its number as LaTeX. */
  readonly value: string;
  /** Every line with its rule, written when it is asked for. */
  readonly document: () => Document;
}

/** The derivative of the result by a variable, by its paths or, where these are many, by its users. */
export function chainTable(
  { program, values, worked }: Lesson,
  by: string,
): ChainTable | undefined {
  const { detail, notation } = worked.settings;
  const found = derivation(program, values, { wrt: [by], detail, notation });
  if (found.kind !== "scalar") return undefined;
  const [derivative] = found.derivatives;
  if (derivative === undefined) return undefined;
  return {
    derivative,
    products: chainProducts(found, derivative),
    value: decimalLatex(derivative.value.text),
    document: () => derivationDocument(found),
  };
}
