import { machine } from "../support/machine.ts";
import { median } from "../support/median.ts";

/** What came of one function of an eval on one input; times are the shortest of all runs, in nanoseconds. */
export interface Row {
  readonly module: string;
  readonly function: string;
  readonly input: string;
  valid: boolean;
  readonly runs: number;
  readonly nanoseconds: number;
  readonly setup: number;
  readonly interpreted: boolean;
  readonly native: number | undefined;
}

/** The functions that are no derivatives. */
const primals = new Set(["square", "primal", "objective", "cost"]);

/** The tables, with the ratios of derivatives summed up. */
export function report(rows: readonly Row[], compiler: string): string {
  const derivatives = rows.filter((row) => !primals.has(row.function));
  const ratios = derivatives.flatMap(({ module, nanoseconds, native }) =>
    native === undefined || module === "det" || module === "hello" ? [] : [nanoseconds / native],
  );
  const summary =
    ratios.length === 0
      ? "no ratios"
      : `${ratios.length} ratios, median ${median(ratios).toFixed(2)}, ` +
        `greatest ${Math.max(...ratios).toFixed(2)}, ${ratios.filter((one) => one > 4).length} above 4`;
  const invalid = rows.filter(({ valid }) => !valid).length;
  const head = [
    "# GradBench",
    "",
    `${machine()}; tools/manual by ${compiler}, -O3 -march=native; one thread each, the shortest of at least three runs, in turn.`,
    "",
    `${rows.length} answers, ${rows.length - invalid} accepted by the suite's own validators. Derivatives against ` +
      `tools/manual, det and hello apart: ${summary}.`,
    "",
  ];
  return [
    ...head,
    "The gradient of ode in tools/manual is that of the exact solution, a product, whatever the number of steps s; here the",
    "s steps are differentiated. The runs of hello are single first calls. det shares minors, tools/manual does not.",
    "",
    ...table("Derivatives", derivatives),
    ...table(
      "Functions",
      rows.filter((row) => primals.has(row.function)),
    ),
  ].join("\n");
}

function table(title: string, rows: readonly Row[]): string[] {
  return [
    `## ${title}`,
    "",
    "| eval | function | input | µs | tools/manual, µs | ratio | setup, ms | accepted |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ module, function: name, input, nanoseconds, native, setup, valid, interpreted }) => {
        const ratio = native === undefined ? "–" : (nanoseconds / native).toFixed(2);
        const note = interpreted ? " (interpreted)" : "";
        const times = `${micro(nanoseconds)}${note} | ${native === undefined ? "–" : micro(native)}`;
        return `| ${module} | ${name} | ${input} | ${times} | ${ratio} | ${(setup / 1e6).toFixed(1)} | ${valid ? "yes" : "no"} |`;
      },
    ),
    "",
  ];
}

function micro(nanoseconds: number): string {
  return (nanoseconds / 1000).toPrecision(3);
}
