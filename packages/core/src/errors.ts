/** Base of every error this library throws on purpose: `<where>: <what must hold>, got <value>`. */
export class ChainruleError extends Error {
  override readonly name: string = "ChainruleError";
}

/** Shapes that do not fit an operation. */
export class ShapeError extends ChainruleError {
  override readonly name = "ShapeError";
}

/** An element type that an operation does not take. */
export class DTypeError extends ChainruleError {
  override readonly name = "DTypeError";
}

/** A value given for a variable that is missing, unknown, ambiguous or of the wrong form. */
export class BindingError extends ChainruleError {
  override readonly name = "BindingError";
}

/** An argument outside what a function accepts. */
export class ArgumentError extends ChainruleError {
  override readonly name = "ArgumentError";
}

/** A derivative that does not exist or that no rule gives. */
export class DifferentiationError extends ChainruleError {
  override readonly name = "DifferentiationError";
}

/** A computation that cannot go on: a function without a body, a non-finite value under a trap. */
export class EvaluationError extends ChainruleError {
  override readonly name = "EvaluationError";
}

/** Any value in a few words, for the end of an error message. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || value === undefined || typeof value !== "object") {
    return typeof value === "function" ? "a function" : String(value);
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name = value.constructor?.name ?? "object";
  return name === "Object" ? `an object {${shorten(Object.keys(value).join(", "))}}` : `a ${name}`;
}

/** Text cut to a length a message can bear, with an ellipsis for the rest. */
export function shorten(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
