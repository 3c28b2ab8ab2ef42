import { parse as parseCsv } from "csv-parse/sync";
import { UsageError } from "./usageError.ts";

/** A table with a line of names. */
export interface Rows {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads CSV with a header, separated by commas or semicolons. Throws UsageError where it is none. */
export function readRows(path: string, text: string): Rows {
  const [first = ""] = text.split("\n", 1);
  const delimiter = first.includes(";") && !first.includes(",") ? ";" : ",";
  let all: string[][];
  try {
    all = parseCsv(text, { trim: true, skip_empty_lines: true, delimiter });
  } catch (error) {
    throw new UsageError(`${path}: the file must be CSV, got ${(error as Error).message}`);
  }
  const [header, ...rows] = all;
  if (header === undefined || rows.length === 0) {
    throw new UsageError(`${path}: the file must have a line of names and one of values`);
  }
  return { header: header.map((name) => name.toLowerCase()), rows };
}

/** Rows as CSV, quoted where they must be. */
export function writeRows(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    /[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return `${rows.map((row) => row.map(cell).join(",")).join("\n")}\n`;
}
