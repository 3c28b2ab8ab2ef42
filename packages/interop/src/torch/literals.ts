import type { DType } from "@chainrule/core";

const types: Readonly<Record<DType, string>> = {
  f64: "torch.float64",
  f32: "torch.float32",
  i32: "torch.int32",
  bool: "torch.bool",
};

/** The element type as PyTorch names it. */
export function torchType(dtype: DType): string {
  return types[dtype];
}

/** A number of an element type as Python reads it back to the same bits. */
export function numberText(value: number, dtype: DType): string {
  if (dtype === "bool") return value === 0 ? "False" : "True";
  if (Number.isNaN(value)) return "math.nan";
  if (value === Number.POSITIVE_INFINITY) return "math.inf";
  if (value === Number.NEGATIVE_INFINITY) return "-math.inf";
  if (dtype === "i32") return String(value);
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Any text as a string of Python: ASCII alone, so that nothing in it can end the string or its line. */
export function stringText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u{10ffff}]/gu, (letter) => {
    const code = (letter.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

/**
 * Any text inside a comment or docstring of Python: one line of printable characters, without the
 * quotes and backslashes that could end it.
 */
export function commentText(text: string): string {
  return text
    .replace(/[^\x20-\x7e\u00a1-\u024f\u0370-\u03ff]/g, "?")
    .replace(/\\/g, "/")
    .replace(/"/g, "'")
    .slice(0, 200);
}

/** `(a, b)`, with the comma that a tuple of one needs. */
export function tupleText(items: readonly (string | number)[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** `[a, b]` */
export function listText(items: readonly (string | number)[]): string {
  return `[${items.join(", ")}]`;
}
