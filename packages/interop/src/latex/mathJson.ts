/** What the library gives of a formula, as far as it is looked at. */
export type MathJson = number | string | readonly MathJson[] | MathJsonObject;

/** A part of a formula with the text it was read from. */
interface MathJsonObject {
  readonly fn?: readonly MathJson[];
  readonly sym?: string;
  readonly num?: string;
  readonly str?: string;
  readonly latex?: string;
  readonly sourceOffsets?: readonly [number, number];
}

function isObject(json: MathJson): json is MathJsonObject {
  return typeof json === "object" && !Array.isArray(json);
}

/** Name of the function and its operands; none of a symbol or number. */
export function call(json: MathJson): readonly MathJson[] | undefined {
  return isObject(json) ? json.fn : Array.isArray(json) ? json : undefined;
}

/** Name of the function, such as `Add`. */
export function headOf(json: MathJson): string | undefined {
  const head = call(json)?.[0];
  return typeof head === "string" ? head : undefined;
}

/** Operands of the function. */
export function operandsOf(json: MathJson): readonly MathJson[] {
  return call(json)?.slice(1) ?? [];
}

/** Name of a symbol. */
export function symbolOf(json: MathJson): string | undefined {
  if (isObject(json)) return json.sym;
  return typeof json === "string" && !json.startsWith("'") ? json : undefined;
}

/** A literal number as the text has it. */
export function numeralOf(json: MathJson): string | undefined {
  if (typeof json === "number") return String(json);
  return isObject(json) ? json.num : undefined;
}

/** A quoted text. */
export function stringOf(json: MathJson): string | undefined {
  if (isObject(json)) return json.str;
  return typeof json === "string" && json.startsWith("'") ? json.slice(1, -1) : undefined;
}

/** The LaTeX it was read from, if the library tells. */
export function latexOf(json: MathJson): string | undefined {
  return isObject(json) ? json.latex : undefined;
}

/** Where an error begins. */
export function offsetOf(json: MathJson): number | undefined {
  return isObject(json) ? json.sourceOffsets?.[0] : undefined;
}
