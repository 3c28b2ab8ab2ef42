import { ArgumentError } from "@chainrule/core";
import { limits, type OwnPoint, type ProblemId, REACH } from "../../training/trainingSettings.ts";
import { splitTable, type TableRow } from "./splitTable.ts";

/** How numbers of a table are brought into the square: `centre + size · scaled` gives them back. */
export interface Scale {
  readonly centre: number;
  readonly size: number;
}

/** Points of a table, in the square of the playground. */
export interface ReadPoints {
  readonly points: readonly OwnPoint[];
  /** Names of the columns of x and y. */
  readonly axes: readonly string[];
  /** What the classes are called; none for regression. */
  readonly labels: readonly string[];
  /** Of x, y and, for regression, the value. */
  readonly scales: readonly Scale[];
}

/** Points shall not lie on the frame. */
const INSIDE = 0.9 * REACH;

/** Letters of a name that are shown. */
const NAME = 40;

/**
 * Points from CSV text: the last column is the class or the value, the first two others that hold numbers are x and y.
 *
 * A first line that does not fit below is taken for names. Decimal commas are read where commas divide no fields.
 * Throws ArgumentError, naming the line, for what is no number, too many rows or classes.
 */
export function readPoints(text: string, problem: ProblemId): ReadPoints {
  const { rows, comma } = splitTable(text);
  const read = (cell: string): number => {
    const plain = comma ? cell : cell.replace(",", ".");
    return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  };
  const width = rows[0]?.cells.length ?? 0;
  if (width < 3) {
    throw new ArgumentError(
      `table: there must be three columns, for x, y and class or value, got ${width}`,
    );
  }
  const named = (rows[0]?.cells ?? []).slice(0, -1).every((cell) => Number.isNaN(read(cell)));
  const [head, body] = [named ? rows[0]?.cells : undefined, named ? rows.slice(1) : rows];
  if (body.length < 4 || body.length > limits.points) {
    throw new ArgumentError(
      `table: there must be 4 to ${limits.points} rows of numbers, got ${body.length}`,
    );
  }
  const numeric = Array.from({ length: width - 1 }, (_, i) => i).filter((i) =>
    Number.isFinite(read(body[0]?.cells[i] ?? "")),
  );
  const [x, y] = numeric;
  if (x === undefined || y === undefined) {
    throw new ArgumentError(
      `table: line ${body[0]?.line}: two columns before the last must hold numbers, got ${body[0]?.cells.join(", ").slice(0, 80)}`,
    );
  }
  const column = (at: number): number[] => body.map((row) => numberAt(row, at, read));
  const across = scaled(column(x), INSIDE);
  const up = scaled(column(y), INSIDE);
  const names = [x, y].map((at) => (head?.[at] ?? `column ${at + 1}`).slice(0, NAME));
  const values =
    problem === "regression" ? scaled(column(width - 1), 1) : labelled(body, width - 1);
  const points = body.map(
    (_, i): OwnPoint => [at(across.values, i), at(up.values, i), at(values.values, i)],
  );
  const scales = [across.scale, up.scale, ...("scale" in values ? [values.scale] : [])];
  return { points, axes: names, labels: "labels" in values ? values.labels : [], scales };
}

function numberAt({ line, cells }: TableRow, at: number, read: (cell: string) => number): number {
  const value = read(cells[at] ?? "");
  if (Number.isFinite(value)) return value;
  throw new ArgumentError(
    `table: line ${line}, column ${at + 1}: a field must be a number, got ${JSON.stringify((cells[at] ?? "").slice(0, NAME))}`,
  );
}

/** Numbers from −reach to reach, in as many digits as are seen. */
function scaled(
  values: readonly number[],
  reach: number,
): { readonly values: readonly number[]; readonly scale: Scale } {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const centre = least / 2 + most / 2;
  const size = most > least ? (most / 2 - least / 2) / reach : 1;
  const own = values.map((value) => Number(((value - centre) / size).toFixed(4)));
  return { values: own, scale: { centre, size } };
}

function labelled(
  rows: readonly TableRow[],
  column: number,
): { readonly values: readonly number[]; readonly labels: readonly string[] } {
  const texts = rows.map(({ cells }) => (cells[column] ?? "").slice(0, NAME));
  const labels = [...new Set(texts)].sort();
  if (labels.length > limits.classes || labels.length < 2) {
    throw new ArgumentError(
      `table: the last column must hold 2 to ${limits.classes} classes, got ${labels.length}${labels.length > limits.classes ? "; numbers are learnt by regression" : ""}`,
    );
  }
  return { values: texts.map((text) => labels.indexOf(text)), labels };
}

function at(values: readonly number[], i: number): number {
  return values[i] ?? 0;
}
