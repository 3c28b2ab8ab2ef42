import {
  type Bindable,
  type Expr,
  leavesOf,
  type Nested,
  type Program,
  variable,
} from "@chainrule/core";
import { nearest } from "@chainrule/core/parse";
import { parse as parseCsv } from "csv-parse/sync";
import { readText } from "./files.ts";
import { UsageError } from "./usageError.ts";

/** Values by name. */
export type Values = Record<string, Bindable>;

/** Words `name=value`; a value is a number or a JSON array of numbers. */
export function valuesFromWords(words: readonly string[]): Values {
  const out: Values = Object.create(null);
  for (const word of words) {
    const at = word.indexOf("=");
    const name = word.slice(0, Math.max(at, 0)).trim();
    if (name === "") {
      throw new UsageError(`a value must be given as name=value, got "${word}"`);
    }
    if (out[name] !== undefined) throw new UsageError(`${name}: one value must be given, got two`);
    out[name] = valueFromText(name, word.slice(at + 1).trim());
  }
  return out;
}

const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

function valueFromText(name: string, text: string): Bindable {
  const special = SPECIAL[text];
  if (special !== undefined) return special;
  if (text.startsWith("[")) return checkNested(name, parseJson(name, text));
  const value = Number(text.replace(/^[−–]/u, "-"));
  if (text === "" || Number.isNaN(value)) {
    throw new UsageError(`${name}: the value must be a number or [numbers], got "${text}"`);
  }
  return value;
}

function parseJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where}: the text must be JSON, got ${(error as Error).message}`);
  }
}

/** Nested arrays of numbers; the shape is checked where it is bound. */
function checkNested(name: string, value: unknown): Nested {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (Array.isArray(one)) for (const item of one) open.push(item);
    else if (typeof one !== "number" && typeof one !== "boolean") {
      throw new UsageError(`${name}: values must be numbers, got ${JSON.stringify(one)}`);
    }
  }
  return value as Nested;
}

/** Values of a `.json` file (an object of numbers and arrays) or a `.csv` file (a column a name). */
export function valuesFromFile(path: string): Values {
  const text = readText(path);
  if (/\.csv$/i.test(path)) return valuesFromCsv(path, text);
  if (!/\.json$/i.test(path)) {
    throw new UsageError(`--values: the file must end in .json or .csv, got "${path}"`);
  }
  const data = parseJson(path, text);
  if (data === null || typeof data !== "object" || Array.isArray(data)) {
    throw new UsageError(`${path}: values must be an object of names, got ${text.slice(0, 40)}`);
  }
  const out: Values = Object.create(null);
  for (const [name, value] of Object.entries(data)) {
    out[name] =
      typeof value === "string" && SPECIAL[value] !== undefined
        ? SPECIAL[value]
        : checkNested(name, value);
  }
  return out;
}

/** One row gives numbers, several give vectors. */
function valuesFromCsv(path: string, text: string): Values {
  let rows: string[][];
  try {
    rows = parseCsv(text, { trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new UsageError(`${path}: the file must be CSV, got ${(error as Error).message}`);
  }
  const [head, ...body] = rows;
  if (head === undefined || body.length === 0) {
    throw new UsageError(`${path}: the file must have a line of names and one of values`);
  }
  const out: Values = Object.create(null);
  head.forEach((name, column) => {
    const items = body.map((row, i) => {
      const cell = row[column] ?? "";
      const value = SPECIAL[cell] ?? Number(cell);
      if (cell === "" || (Number.isNaN(value) && cell !== "NaN")) {
        throw new UsageError(`${path}: line ${i + 2}, ${name}: must be a number, got "${cell}"`);
      }
      return value;
    });
    out[name] = items.length === 1 ? (items[0] as number) : items;
  });
  return out;
}

/** Refuses values that no variable takes, with the name that was probably meant. */
export function refuseUnused(values: Values, known: readonly string[]): void {
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    const list = known.length === 0 ? "there is none" : known.slice(0, 20).join(", ");
    throw new UsageError(`${name}: a value must belong to a variable (${list})${hint}`);
  }
}

/** Refuses values that do not fit the variables of an output: all of them have one, or none has. */
export function refuseUnfit(values: Values, { variables }: Program, output: Expr): void {
  refuseUnused(values, Object.keys(variables));
  if (Object.keys(values).length === 0) return;
  const used = new Set(leavesOf([output]));
  const needed = Object.entries(variables).filter(([, node]) => used.has(node));
  refuseLists(values, needed);
  refuseMissing(
    values,
    needed.map(([name]) => name),
  );
}

/** Refuses variables without a value. */
function refuseMissing(values: Values, needed: readonly string[]): void {
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length === 0) return;
  const shown = missing.slice(0, 20).join(", ");
  throw new UsageError(
    `every variable must have a value, got none for ${shown}; add ${missing[0]}=…`,
  );
}

/** Variables for lists whose names the text itself does not declare or define: the values tell their shapes. */
export function listVariables(text: string, values: Values): Record<string, Expr> {
  const told = new Set(
    text.split(/[;\n]/).map((part) => /^\s*([^\s:=]+)\s*(?::|=(?!=))/.exec(part)?.[1]),
  );
  const lists = Object.entries(values).filter(
    ([name, value]) => Array.isArray(value) && !told.has(name),
  );
  return Object.fromEntries(
    lists.map(([name, value]) => [name, variable(name, shapeOf(value))] as const),
  );
}

/** Refuses lists for scalars, and tells how a text declares their shapes. */
function refuseLists(values: Values, needed: readonly (readonly [string, Expr])[]): void {
  for (const [name, node] of needed) {
    const value = values[name];
    if (node.shape.length > 0 || !Array.isArray(value)) continue;
    const shape = `[${shapeOf(value).join(", ")}]`;
    throw new UsageError(
      `${name}: the value must be a number, got an array of shape ${shape}; declare it in the text: "${name}: ${shape}; …"`,
    );
  }
}

/** Lengths from the outermost list inwards, told by the first item of each. */
function shapeOf(value: unknown): readonly number[] {
  const shape: number[] = [];
  for (let at = value; Array.isArray(at); at = at[0]) shape.push(at.length);
  return shape;
}
