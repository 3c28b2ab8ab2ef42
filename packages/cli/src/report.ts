import {
  backprop,
  checkGradients,
  type Expr,
  leavesOf,
  Program,
  type Trace,
  type TraceNode,
  type TupleValue,
  toText,
  type Value,
} from "@chainrule/core";
import colors from "picocolors";
import { type Derivative, type Derivatives, derivativeName } from "./derivatives.ts";
import { notFinite } from "./notFinite.ts";
import { formatNumber, formatValue } from "./numbers.ts";
import { reasons } from "./reasons.ts";
import type { Request } from "./request.ts";
import { updated } from "./update.ts";

/** Rows shown of one section; the JSON format has them all. */
const MAX_ROWS = 120;

/** The default output: forward, backward, gradient with a check by differences, update, reasons. */
export function report(request: Request, derivatives: Derivatives): string {
  const { values, options, output, color } = request;
  const paint = colors.createColors(color);
  const heading = (text: string): string => `\n${paint.bold(text)}\n`;
  const parts: string[] = [];
  if (values === undefined) {
    parts.push(paint.bold("Formulas"), "\n", formulaRows(request, derivatives));
    const names = Object.keys(request.wrt);
    if (names.length > 0) {
      parts.push(
        paint.dim(`\nWith values for ${names.slice(0, 8).join(", ")} numbers are shown too.\n`),
      );
    }
    return parts.join("");
  }
  const trace = output.shape.length === 0 && options.order === 1 ? traceOf(request) : undefined;
  if (trace !== undefined) {
    const labels = labelsOf(request, trace);
    parts.push(paint.bold("Forward"), "\n", forwardRows(request, trace, labels));
    parts.push(paint.yellow(notFiniteNote(request, trace, labels)));
    if (Object.keys(request.wrt).length === 0) {
      parts.push(paint.dim("\nThere is no variable to differentiate by.\n"));
      return parts.join("");
    }
    parts.push(heading("Backward"), backwardRows(request, trace, labels));
    parts.push(heading("Gradient"));
  }
  parts.push(gradientRows(request, derivatives, paint));
  if (options.update !== undefined) {
    parts.push(heading(`Update, rate ${options.update}`), updateRows(request, derivatives));
  }
  if (options.why === true) {
    parts.push(
      heading("Why"),
      reasons(request)
        .map((line) => `  ${line}\n`)
        .join(""),
    );
  }
  return parts.join("");
}

function traceOf({ program, output, wrt, values }: Request): Trace {
  const { variables, definitions, names } = program;
  const traced = new Program({ variables, definitions, names, result: output });
  return backprop(traced, values, { wrt: Object.values(wrt), extra: "allow" });
}

/** Names of nodes: their own, or v1, v2, … in forward order. */
function labelsOf({ name, output }: Request, { nodes }: Trace): ReadonlyMap<Expr, string> {
  const labels = new Map<Expr, string>();
  const taken = new Set(nodes.map((entry) => entry.name));
  let count = 0;
  for (const entry of nodes) {
    if (entry.name !== undefined) labels.set(entry.node, entry.name);
    else if (entry.node === output) labels.set(output, name);
    else if (entry.node.args.length > 0) {
      do count++;
      while (taken.has(`v${count}`));
      labels.set(entry.node, `v${count}`);
    }
  }
  return labels;
}

type Labels = ReadonlyMap<Expr, string>;

/** The formula of one node from the labels of its arguments. */
function formulaOf(node: Expr, labels: Labels, digits: number | undefined): string {
  return toText(node, {
    names: labels,
    style: "reading",
    ...(digits === undefined ? {} : { digits }),
  });
}

function forwardRows({ options }: Request, { nodes }: Trace, labels: Labels): string {
  const rows = nodes
    .filter(({ node }) => labels.has(node))
    .map(({ node, value }) => [
      labels.get(node) as string,
      node.args.length === 0 ? "" : `= ${formulaOf(node, labels, options.digits)}`,
      `= ${formatAny(value, options.digits)}`,
    ]);
  return table(rows);
}

/** Where the first value is lost, such as `log(x) = NaN at x = -1`. */
function notFiniteNote({ options }: Request, trace: Trace, labels: Labels): string {
  const node = notFinite(trace);
  if (node === undefined || node.args.length === 0) return "";
  const show = (one: Expr): string => formatAny(trace.at(one)?.value ?? [], options.digits);
  const named = node.args.filter((arg) => labels.has(arg));
  const at = named.map((arg) => `${labels.get(arg)} = ${show(arg)}`).join(", ");
  const place = at === "" ? "" : ` at ${at}`;
  return `\n${formulaOf(node, labels, options.digits)} is ${show(node)}${place}: the first value that is not finite.\n`;
}

function backwardRows({ options, name }: Request, trace: Trace, labels: Labels): string {
  const { digits } = options;
  const rows: string[][] = [];
  for (const entry of [...trace.nodes].reverse()) {
    const label = labels.get(entry.node);
    if (label === undefined) continue;
    const head = `∂${name}/∂${label}`;
    if (entry.adjoint === undefined) {
      if (entry.node.args.length === 0) rows.push([head, "no path", "= 0"]);
      continue;
    }
    rows.push([head, terms(entry, name, labels, digits), `= ${formatAny(entry.adjoint, digits)}`]);
  }
  return table(rows);
}

/** `upstream · local` for every user: `∂L/∂e · c` and its numbers. */
function terms(
  { contributions }: TraceNode,
  output: string,
  labels: Labels,
  digits: number | undefined,
): string {
  if (contributions.length === 0) return "";
  const symbols = contributions.map(({ user, partial }) => {
    const local =
      partial === undefined
        ? `${user.op.name}ᵀ`
        : factor(labels.get(partial.shown) ?? formulaOf(partial.shown, labels, digits));
    return `∂${output}/∂${labels.get(user) ?? user.op.name} · ${local}`;
  });
  const numbers = contributions.map(({ upstream, partial }) =>
    partial === undefined || typeof upstream !== "number" || typeof partial.value !== "number"
      ? undefined
      : `${factor(formatNumber(upstream, digits))} · ${factor(formatNumber(partial.value, digits))}`,
  );
  const shown = numbers.every((text) => text !== undefined) ? ` = ${numbers.join(" + ")}` : "";
  return `= ${symbols.join(" + ")}${shown}`;
}

/** A factor of a product: sums and negative numbers in parentheses. */
function factor(text: string): string {
  return /^-|[ +]/.test(text) ? `(${text})` : text;
}

function formatAny(value: TupleValue, digits: number | undefined): string {
  return Array.isArray(value)
    ? value.map((item) => formatValue(item, digits)).join("; ")
    : formatValue(value as Value, digits);
}

function formulaRows(request: Request, { gradients, hessian }: Derivatives): string {
  const { name, output } = request;
  const rows = [[name, `= ${toText(output, { style: "reading" })}`]];
  for (const one of [...gradients, ...hessian]) rows.push([title(one), `= ${formula(one)}`]);
  return table(rows);
}

function title(one: Derivative): string {
  return derivativeName(one, one.single ? "d" : "∂");
}

function formula(one: Derivative): string {
  return toText(one.formula, { style: "reading" });
}

function gradientRows(
  request: Request,
  { value, gradients, hessian }: Derivatives,
  paint: ReturnType<typeof colors.createColors>,
): string {
  const { options, name } = request;
  const { digits } = options;
  const head = [[name, "", `= ${formatValue(value as Value, digits)}`, ""]];
  const checks = differences(request);
  const rows = [...gradients, ...hessian].map((one) => {
    const check = one.order === 1 ? checks?.get(one.x[0] as string) : undefined;
    const note =
      check === undefined
        ? ""
        : check.ok
          ? paint.green(`differences${check.text} ✓`)
          : paint.red(`differences${check.text} ✗`);
    // The Jacobian of a tensor is a loop over its elements: no formula to read.
    const shown = request.output.shape.length === 0 ? `= ${formula(one)}` : "";
    return [title(one), shown, `= ${formatValue(one.value as Value, digits)}`, note];
  });
  return table([
    ...(options.order === 1 && request.output.shape.length === 0 ? [] : head),
    ...rows,
  ]);
}

/** Differences are taken where no more entries than these are asked for: each costs four runs. */
const MAX_CHECKED = 200;

interface Check {
  readonly ok: boolean;
  readonly text: string;
}

/** The gradient by central differences beside the exact one, by the name of the variable. */
function differences({ output, wrt, values }: Request): ReadonlyMap<string, Check> | undefined {
  if (output.shape.length > 0) return undefined;
  const inputs = new Set(leavesOf([output]));
  const checked = Object.entries(wrt).filter(([, node]) => inputs.has(node));
  const { entries } = checkGradients(output, values, {
    wrt: checked.slice(0, MAX_CHECKED).map(([, node]) => node),
  });
  const checks = new Map<string, Check>();
  for (const [name, node] of checked) {
    const own = entries.filter((entry) => entry.node === node);
    if (own.length === 0) continue;
    const ok = own.every((entry) => entry.ok);
    const [first] = own;
    const text =
      own.length === 1 && first !== undefined ? ` ${formatNumber(first.difference, 8)}` : "";
    checks.set(name, { ok, text });
  }
  return checks;
}

function updateRows(request: Request, derivatives: Derivatives): string {
  const { options } = request;
  const show = (value: Value): string => formatValue(value, options.digits);
  const rows = updated(request, derivatives).map(({ name, before, gradient, after }) => [
    name,
    `= ${show(before)} - ${options.update} · ${factor(show(gradient))}`,
    `= ${show(after)}`,
  ]);
  return table(rows);
}

/** Rows with aligned columns; the middle of a long table is left out, and said. */
function table(rows: readonly (readonly string[])[]): string {
  const cut = rows.length > MAX_ROWS;
  const half = MAX_ROWS / 2;
  const shown = cut ? [...rows.slice(0, half), ...rows.slice(-half)] : rows;
  const widths: number[] = [];
  for (const row of shown) {
    row.forEach((cell, i) => {
      // One very long cell must not push all others aside.
      widths[i] = Math.max(widths[i] ?? 0, Math.min([...cell].length, 64));
    });
  }
  const lines = shown.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd(),
  );
  if (cut) lines.splice(half, 0, `  … ${rows.length - MAX_ROWS} more rows …`);
  return `${lines.join("\n")}\n`;
}
