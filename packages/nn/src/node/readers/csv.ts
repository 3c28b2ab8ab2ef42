import { readFile } from "node:fs/promises";
import { ArgumentError, Tensor } from "@chainrule/core";
import { CsvError, parse } from "csv-parse/sync";
import type { Dataset } from "../../data/index.ts";
import { checkOptions } from "../../options/index.ts";

/** Options of `parseCsv` and `readCsv`. */
export interface CsvOptions {
  /** Name of the column of the targets. */
  readonly target: string;
  /** Names of the columns of the inputs, in this order; all but the target unless given. */
  readonly inputs?: readonly string[];
  /** The targets are labels: the texts in this order, or with `true` in order of their code units. */
  readonly labels?: true | readonly string[];
  /** What divides fields; a comma unless given. */
  readonly delimiter?: string;
}

/** Examples of a table. */
export interface CsvData extends Dataset {
  /** Names of the columns of the inputs. */
  readonly columns: readonly string[];
  /** The text of each label; empty where targets are numbers. */
  readonly labels: readonly string[];
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Examples from a CSV file in UTF-8 whose first line names its columns.
 *
 * Throws as `parseCsv`, with the file named.
 */
export async function readCsv(path: string, options: CsvOptions): Promise<CsvData> {
  return parseCsv(await readFile(path, "utf8"), options, `readCsv: ${path}`);
}

/**
 * Examples from CSV text whose first line names its columns.
 *
 * Shapes: inputs [rows, columns] of f64; targets [rows] of f64, or of i32 for labels.
 * Throws ArgumentError with the line for rows of another length, what is no finite number and unknown labels; and for
 * unknown columns, columns of one name, and no rows.
 */
export function parseCsv(text: string, options: CsvOptions, where = "parseCsv"): CsvData {
  checkOptions<CsvOptions>(where, options, {
    target: true,
    inputs: true,
    labels: true,
    delimiter: true,
  });
  const [header, ...rows] = records(text, options.delimiter ?? ",", where);
  if (header === undefined || rows.length === 0) {
    throw new ArgumentError(`${where}: there must be a header and at least one row, got none`);
  }
  const names = header.record;
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new ArgumentError(`${where}: columns must have names of their own, got "${twice}" twice`);
  }
  const place = (name: string): number => {
    const at = names.indexOf(name);
    if (at >= 0) return at;
    throw new ArgumentError(
      `${where}: columns must be among ${names.join(", ")}, got ${JSON.stringify(name)}`,
    );
  };
  const target = place(options.target);
  const columns = options.inputs ?? names.filter((_, i) => i !== target);
  if (columns.length === 0) {
    throw new ArgumentError(`${where}: there must be a column of inputs, got none`);
  }
  const places = columns.map(place);
  const inputs = new Float64Array(rows.length * places.length);
  rows.forEach((row, i) => {
    places.forEach((at, j) => {
      inputs[i * places.length + j] = numberOf(row, at, names, where);
    });
  });
  const found = options.labels === true ? labelsOf(rows, target) : (options.labels ?? []);
  const shape = [rows.length];
  const targets =
    options.labels === undefined
      ? new Tensor(
          shape,
          Float64Array.from(rows, (row) => numberOf(row, target, names, where)),
        )
      : new Tensor(shape, labelNumbers(rows, target, found, where));
  return {
    inputs: new Tensor([rows.length, places.length], inputs),
    targets,
    columns,
    labels: found,
  };
}

function records(text: string, delimiter: string, where: string): Row[] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ArgumentError(
      `${where}: every row must have as many fields as the header and closed quotes, got: ${error.message}`,
    );
  }
}

function numberOf(row: Row, at: number, names: readonly string[], where: string): number {
  const text = row.record[at] ?? "";
  // Number("") is 0.
  const value = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new ArgumentError(
    `${where}: line ${row.info.lines}, column ${names[at]}: fields must be finite numbers, got ${JSON.stringify(text)}`,
  );
}

function labelsOf(rows: readonly Row[], at: number): string[] {
  return [...new Set(rows.map(({ record }) => record[at] ?? ""))].sort();
}

function labelNumbers(
  rows: readonly Row[],
  at: number,
  labels: readonly string[],
  where: string,
): Int32Array {
  const numbers = new Map(labels.map((label, number) => [label, number]));
  return Int32Array.from(rows, ({ record, info }) => {
    const number = numbers.get(record[at] ?? "");
    if (number !== undefined) return number;
    throw new ArgumentError(
      `${where}: line ${info.lines}: labels must be among ${labels.join(", ")}, got ${JSON.stringify(record[at])}`,
    );
  });
}
