import { headOf, type MathJson, operandsOf } from "./mathJson.ts";

/** Values of the indices of the sums around a part. */
export type Indices = ReadonlyMap<string, number>;

/** `−σ (x)` is read as a product of `−σ` and x: the sign belongs before the call. */
export function withoutSigns(node: MathJson): {
  readonly inner: MathJson;
  readonly negative: boolean;
} {
  let inner = node;
  let negative = false;
  while (headOf(inner) === "Negate") {
    inner = operandsOf(inner)[0] as MathJson;
    negative = !negative;
  }
  return { inner, negative };
}

export function isBracket(node: MathJson): boolean {
  const [base] = headOf(node) === "Power" ? operandsOf(node) : [node];
  return base !== undefined && headOf(base) === "Delimiter";
}

/** A name inside of sums: `y_i` is `y_1`, `w_ij` is `w_1_2`, `i` is 1. */
export function withIndices(name: string, indices: Indices): string {
  if (indices.size === 0) return name;
  const whole = indices.get(name);
  if (whole !== undefined) return whole < 0 ? `(${whole})` : `${whole}`;
  const [base = "", ...below] = name.split("_");
  const replaced = below.map((part) => {
    const value = indices.get(part);
    if (value !== undefined) return `${value}`;
    const each = [...part].map((letter) => indices.get(letter));
    return each.every((one) => one !== undefined) ? each.join("_") : part;
  });
  return [base, ...replaced].join("_");
}
