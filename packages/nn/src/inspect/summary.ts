import { formatShape, type Shape } from "@chainrule/core";
import type { Trainer } from "../train/index.ts";

/** One layer of a summary. */
export interface SummaryRow {
  readonly path: string;
  readonly layer: string;
  /** What it was made with: `filters 8, kernel 3×3`. */
  readonly settings: string;
  readonly output: Shape;
  /** Elements of the parameters of its own, not of layers inside it. */
  readonly parameters: number;
}

/** What a model is made of. */
export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  /** Of these, those that are trained. */
  readonly trained: number;
  /** Values that training follows without a gradient, such as running means. */
  readonly state: number;
  readonly text: string;
}

/** The layers of a model with their outputs and numbers of parameters, as data and as a table. */
export function summary<M extends string>(t: Trainer<M>): Summary {
  const { prediction, trained } = t.graph;
  const kept = [...prediction.kept.values()];
  const count = (shape: readonly number[]): number =>
    shape.reduce((product, size) => product * size, 1);
  const total = (list: readonly { readonly shape: readonly number[] }[]): number =>
    list.reduce((sum, { shape }) => sum + count(shape), 0);
  // Layers are recorded when they are done, inner ones first; they read better in the order they begin.
  const rows = prediction.used
    .filter(({ path }) => path !== "")
    .map(({ path, name, settings, outputs }) => ({
      path,
      layer: name,
      settings: Object.entries(settings)
        .map(([key, value]) => `${key} ${value}`)
        .join(", "),
      output: outputs[0]?.shape ?? [],
      parameters: total(
        kept.filter((one) => one.kind === "parameter" && parentOf(one.path) === path),
      ),
    }));
  const parameters = total(kept.filter(({ kind }) => kind === "parameter"));
  const moved = total(trained.map((one) => one.kept));
  const state = total(kept.filter(({ kind }) => kind === "state"));
  const own = total(kept.filter((one) => one.kind === "parameter" && parentOf(one.path) === ""));
  const lines = [
    ["layer", "made with", "output", "parameters"],
    ...rows.map((row) => [
      row.path,
      row.settings,
      formatShape(row.output),
      row.parameters === 0 ? "" : grouped(row.parameters),
    ]),
    ...(own === 0 ? [] : [["(model)", "", "", grouped(own)]]),
  ];
  const last = `${grouped(parameters)} parameters, ${grouped(moved)} trained${state === 0 ? "" : `, ${grouped(state)} of state`}`;
  return { rows, parameters, trained: moved, state, text: `${table(lines)}\n${last}` };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** Columns aligned, the last to the right. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) =>
    Math.max(...lines.map((cells) => (cells[i] ?? "").length)),
  );
  return lines
    .map((cells) =>
      cells
        .map((cell, i) => {
          const width = widths[i] ?? 0;
          return i === cells.length - 1 ? cell.padStart(width) : cell.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
