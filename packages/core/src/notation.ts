/** How tightly each kind of notation binds; a tighter operand needs no parentheses. */
export const precedence = {
  conditional: 1,
  or: 2,
  and: 3,
  comparison: 4,
  sum: 5,
  product: 6,
  prefix: 7,
  power: 8,
  atom: 9,
} as const;

/** How an operation is written, as data; the printers add the parentheses. */
export type Notation =
  /** `a + b`; `associative` when the right operand of equal precedence needs no parentheses. */
  | {
      readonly form: "infix";
      readonly text: string;
      readonly latex: string;
      readonly binds: number;
      readonly associative: boolean;
    }
  /** `-a` */
  | {
      readonly form: "prefix";
      readonly text: string;
      readonly latex: string;
      readonly binds: number;
    }
  /** `f(a, b)`; `text` defaults to the op's name. */
  | { readonly form: "call"; readonly latex: string; readonly text?: string }
  /** `a / b`, in LaTeX a fraction. */
  | { readonly form: "fraction" }
  /** `a b`, a product whose sign may be left out. */
  | { readonly form: "product" }
  /** `a^b`; `exponent` where the op itself fixes it (square, reciprocal). */
  | { readonly form: "power"; readonly exponent?: number; readonly text?: string }
  /** `eᵃ`; a call in text. */
  | { readonly form: "exponential" }
  /** `a` where a condition holds, else `b` (0 where there is none); a call in text. */
  | { readonly form: "cases" }
  /** `Aᵀ` where the last two axes change places, else a call. */
  | { readonly form: "transposed" }
  /** `√a`, `∛a`. */
  | { readonly form: "root"; readonly index: number; readonly text?: string }
  /** `|a|`, `⌊a⌋`: LaTeX delimiters around, a call in text. */
  | { readonly form: "delimited"; readonly open: string; readonly close: string }
  /** A big operator over axes, `\sum_{i} a`. */
  | { readonly form: "big"; readonly latex: string }
  /** Written from its attributes: names, numbers. */
  | { readonly form: "leaf" }
  /** Written by its operand alone: casts, broadcasts, stopGradient. */
  | { readonly form: "silent" };

/** `a ∘ b` between operands. */
export function infix(
  text: string,
  latex: string,
  binds: number,
  { associative = false }: { associative?: boolean } = {},
): Notation {
  return { form: "infix", text, latex, binds, associative };
}

/** A sign before its operand. */
export function prefix(text: string, latex: string, binds: number = precedence.prefix): Notation {
  return { form: "prefix", text, latex, binds };
}

/** A function's name before its operands in parentheses. */
export function call(latex: string, text?: string): Notation {
  return text === undefined ? { form: "call", latex } : { form: "call", latex, text };
}

/** A function that LaTeX sets upright by name, `\operatorname{name}`. */
export function named(name: string): Notation {
  return { form: "call", latex: `\\operatorname{${name}}` };
}

/** Delimiters around the operand. */
export function delimited(open: string, close: string): Notation {
  return { form: "delimited", open, close };
}
