import type { Expr } from "@chainrule/core";
import { commentText, torchType } from "./literals.ts";
import type { Namer } from "./names.ts";

/** Inputs of a function, and how its lines know sizes and the device. */
export interface Signature {
  readonly given: ReadonlyMap<Expr, string>;
  readonly sizes: ReadonlyMap<string, string>;
  /** Lines that the body needs before its own: only those that it mentions. */
  prologue(lines: readonly string[], device: string): readonly string[];
}

/** Names for inputs, and for the sizes that their shapes tell. */
export function signatureOf(inputs: ReadonlyMap<Expr, string>, namer: Namer): Signature {
  const sizes = new Map<string, string>();
  const told: string[] = [];
  for (const [node, text] of inputs) {
    for (const [axis, dim] of node.shape.entries()) {
      if (typeof dim === "number" || sizes.has(dim)) continue;
      const name = namer.fresh(dim);
      sizes.set(dim, name);
      told.push(`${name} = ${text}.shape[${axis}]`);
    }
  }
  const tellers = [...sizes.values()];
  return {
    given: inputs,
    sizes,
    prologue: (lines, device) => {
      const words = new Set(lines.flatMap((line) => code(line).match(/\w+/g) ?? []));
      const used = told.filter((_, i) => words.has(tellers[i] as string));
      return words.has("device") ? [...used, `device = ${device}`] : used;
    },
  };
}

function code(line: string): string {
  return line.replace(/ {2}# .*$/, "");
}

/** An input with its shape, for a docstring. */
export function describeInput(name: string, { shape, dtype }: Expr): string {
  return `${name}: ${torchType(dtype)} [${commentText(shape.join(", "))}]`;
}
