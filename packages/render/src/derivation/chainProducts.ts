import { decimalLatex } from "../latex/numberLatex.ts";
import type { ScalarDerivation } from "./derivation.ts";
import type { Formula } from "./document.ts";
import { factor, guarded, number, Symbols } from "./formulas.ts";
import { sign } from "./lines.ts";
import type { Component, Derivative, Quantity, Shown } from "./quantity.ts";
import type { WalkNumber } from "./walk.ts";

/** One factor of a product of the chain rule, `∂of/∂by`, in its forms. */
export interface ChainFactor {
  readonly of: Quantity;
  readonly by: Quantity;
  readonly symbol: Formula;
  /** What the rules make of it, in parentheses where it is a sum; none for an upstream derivative. */
  readonly formula: Formula | undefined;
  /** Its number, in parentheses where a sign would follow a sign; none without values. */
  readonly number: Formula | undefined;
}

/** A path, or a use with all that lies above it. */
export interface ChainProduct {
  readonly factors: readonly ChainFactor[];
  readonly value: WalkNumber | undefined;
}

/**
 * The products whose sum a derivative is, factor by factor, for pages that line them up: a path each,
 * or upstream times local where the derivative is told so.
 */
export function chainProducts(
  { settings, numbers }: ScalarDerivation,
  { of, paths, terms }: Derivative,
): readonly ChainProduct[] {
  const symbols = new Symbols(settings.notation);
  const numeral = ({ text }: Shown, at: number): Formula | undefined =>
    numbers
      ? { text: guarded(text, at > 0), latex: guarded(decimalLatex(text), at > 0) }
      : undefined;
  const told = (component: Component, at: number): ChainFactor => ({
    of: component.of,
    by: component.by,
    symbol: symbols.local(component),
    formula: factor(component.shown),
    number: numeral(component.value, at),
  });
  const valued = (value: Shown): WalkNumber | undefined =>
    numbers ? { relation: sign(value), number: number(value) } : undefined;
  return [
    ...paths.map(({ components, value }) => ({
      factors: components.map(told),
      value: valued(value),
    })),
    ...terms.map(({ upstream, upstreamValue, component, value }) => ({
      factors: [
        {
          of,
          by: upstream,
          symbol: symbols.total(of, upstream),
          formula: undefined,
          number: numeral(upstreamValue, 0),
        },
        told(component, 1),
      ],
      value: valued(value),
    })),
  ];
}
