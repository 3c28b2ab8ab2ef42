import { type Attribute, type Attributes, type Expr, Lambda } from "./expr.ts";
import { Tensor, type Value } from "./tensor.ts";

/**
 * A number as short as it can be and still be read back: `0.1`, `1e21`, `-0`, `NaN`, `-Infinity`.
 *
 * A single-precision number is the shortest decimal that rounds to it. With `digits`, so many
 * significant digits, trailing zeros dropped.
 */
export function numberText(value: number, single = false, digits?: number): string {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value)) return String(value);
  const shown = digits !== undefined ? Number(value.toPrecision(digits)) : value;
  const short = single && digits === undefined ? shortestSingle(shown) : shown;
  return String(short).replace("e+", "e");
}

/** Nine significant digits tell every single-precision number from its neighbours. */
const SINGLE_DIGITS = 9;

function shortestSingle(value: number): number {
  for (let digits = 1; digits < SINGLE_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(SINGLE_DIGITS));
}

/** Letters that the reader of texts takes for signs: raised and lowered ones, and the transpose. */
const SIGNS = "ⁿⁱᵀₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ";
const IDENTIFIER: RegExp = new RegExp(`^(?![${SIGNS}])[\\p{L}_$][\\p{L}\\p{Nd}\\p{M}_$]*'*$`, "u");
const WORDS: ReadonlySet<string> = new Set([
  "and",
  "or",
  "xor",
  "not",
  "mod",
  "end",
  "true",
  "false",
]);

/** A name as text can say it, or in quotes. */
export function nameText(name: string): string {
  for (const sign of SIGNS) if (name.includes(sign)) return JSON.stringify(name);
  return IDENTIFIER.test(name) && !WORDS.has(name) ? name : JSON.stringify(name);
}

/** Whether a name is one letter with a subscript, which a product in parentheses may touch. */
export function isLetterName(name: string): boolean {
  return /^\p{L}\p{M}*(?:_?\p{Nd}+|_[\p{L}\p{Nd}]+)?'*$/u.test(name);
}

/** The fixed parameters of a call, in their order, without those at the end that say nothing. */
export function attributeTexts(
  { attributes, args }: Expr,
  lambda: (body: Lambda) => string,
): string[] {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  while (entries.length > 0) {
    const [name, value] = entries.at(-1) as [string, Attribute];
    if (!isDefault(name, value, args)) break;
    entries.pop();
  }
  return entries.map(([, value]) => attributeText(value, lambda));
}

/** What a reader assumes: no flag, all axes, all axes reversed. */
function isDefault(name: string, value: Attribute, args: readonly Expr[]): boolean {
  if (value === false) return true;
  const rank = args[0]?.shape.length ?? 0;
  if (!Array.isArray(value) || value.length !== rank) return false;
  if (name === "axes") return value.every((axis, i) => axis === i);
  return name === "permutation" && value.every((axis, i) => axis === rank - 1 - i);
}

function attributeText(value: Attribute, lambda: (body: Lambda) => string): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.name || "function";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Tensor) return valueText(value);
  if (value instanceof Lambda) return lambda(value);
  if (Array.isArray(value)) {
    // A named size of a shape stands bare.
    const items = value.map((item: Attribute) =>
      typeof item === "string" ? nameText(item) : attributeText(item, lambda),
    );
    return `[${items.join(", ")}]`;
  }
  const entries = Object.entries(value as Attributes);
  const fields = entries.map(([name, item]) => `${name}: ${attributeText(item, lambda)}`);
  return `{${fields.join(", ")}}`;
}

/** A number, or the elements of a tensor in nested brackets. */
export function valueText(value: Value, single = false, digits?: number): string {
  if (typeof value === "number") return numberText(value, single, digits);
  let level = Array.from(value.data, (item) => numberText(item, value.dtype === "f32", digits));
  for (let axis = value.shape.length - 1; axis >= 0; axis--) {
    const size = value.shape[axis] as number;
    const next: string[] = [];
    for (let at = 0; at < level.length; at += size) {
      next.push(`[${level.slice(at, at + size).join(", ")}]`);
    }
    level = next;
  }
  return level[0] ?? "[]";
}
