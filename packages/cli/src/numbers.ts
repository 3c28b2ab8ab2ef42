import { formatShape, type Value } from "@chainrule/core";

/** As many digits as a table bears; `--digits` sets others. */
const DIGITS = 10;

/** A number with at most so many significant digits, without trailing zeros, never `-0`. */
export function formatNumber(value: number, digits: number = DIGITS): string {
  if (!Number.isFinite(value)) return String(value);
  const text = String(Number(value.toPrecision(digits)));
  return text === "-0" ? "0" : text;
}

/** Elements shown before a tensor is cut. */
const ELEMENTS = 8;

/** A number, or a tensor as its first elements and its shape. */
export function formatValue(value: Value, digits?: number): string {
  if (typeof value === "number") return formatNumber(value, digits);
  const items = Array.from(value.data.slice(0, ELEMENTS), (item) => formatNumber(item, digits));
  const more = value.data.length > ELEMENTS ? ", …" : "";
  const text = `[${items.join(", ")}${more}]`;
  return value.shape.length === 1 && more === "" ? text : `${text} ${formatShape(value.shape)}`;
}
