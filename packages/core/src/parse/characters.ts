/** Signs that people type or paste, as mathjs writes them. */
export const operatorOf: ReadonlyMap<string, string> = new Map([
  ["−", "-"],
  ["–", "-"],
  ["·", "*"],
  ["⋅", "*"],
  ["∙", "*"],
  ["×", "*"],
  ["∗", "*"],
  ["⊙", ".*"],
  ["∘", ".*"],
  ["÷", "/"],
  ["∕", "/"],
  ["⁄", "/"],
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
  ["∧", "and"],
  ["∨", "or"],
  ["¬", "not"],
  ["∣", "|"],
  ["√", "√"],
  ["∛", "∛"],
  ["ᵀ", "'"],
]);

/** Operators of plain characters, the longest first. */
export const plainOperators: readonly string[] = [
  "==",
  "!=",
  "<=",
  ">=",
  ".*",
  "./",
  ".^",
  ..."+-*/^%<>=?:,;()[]|!",
];

/** `x²`, `x⁻¹`, `xⁿ` */
export const superscriptOf: ReadonlyMap<string, string> = new Map(
  [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ"].map((sign, i) => [sign, "0123456789+-ni"[i] as string]),
);

/** `x₁₂`, `xᵢ` */
export const subscriptOf: ReadonlyMap<string, string> = new Map(
  [..."₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"].map((sign, i) => [
    sign,
    "0123456789aehijklmnoprstuvx"[i] as string,
  ]),
);

/** `x'`, as typed, as typeset, and as word processors make of it; and the double prime. */
export const primeOf: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ["′", "'"],
  ["’", "'"],
  ["″", "''"],
]);

/** Letters in the sense of names, of any script. */
export function isLetter(character: string): boolean {
  if (character <= "z") return /^[A-Za-z_$]$/.test(character);
  const sign =
    superscriptOf.has(character) || subscriptOf.has(character) || operatorOf.has(character);
  return !sign && /^\p{L}$/u.test(character);
}

/** What may follow the first letter of a name: letters, digits, and marks that letters carry. */
export function isNamePart(character: string): boolean {
  return isLetter(character) || /^[\p{Nd}\p{M}]$/u.test(character);
}

/** A decimal digit of plain text. */
export function isDigit(character: string): boolean {
  return character >= "0" && character <= "9" && character.length === 1;
}
