import {
  type Bindings,
  backprop,
  type Contribution,
  type Expr,
  formatShape,
  Program,
  type TraceNode,
  type TupleValue,
  topological,
  toText,
} from "@chainrule/core";
import { formatNumber } from "../formatNumber.ts";

/** Options of `toDot`. */
export interface DotOptions {
  /** Names shown for nodes; those of a program are known already. */
  readonly names?: ReadonlyMap<Expr, string>;
  /** Values of the inputs: numbers, adjoints and local derivatives are drawn then. */
  readonly values?: Bindings;
  /** Significant digits of numbers. */
  readonly digits?: number;
}

/** Characters of a label before it is cut: a name of a page's length would hide the graph. */
const LONGEST_LABEL = 60;

/**
 * A graph in the DOT language, left to right: operations as boxes, inputs at the left. With values,
 * each box holds value and adjoint, each edge the local derivative, and dashed edges lead back.
 *
 * Identifiers are positions in the graph, so the same graph gives the same bytes.
 */
export function toDot(target: Expr | Program, options: DotOptions = {}): string {
  const output = target instanceof Program ? target.result : target;
  const names = new Map([
    ...(target instanceof Program ? target.names : []),
    ...(options.names ?? []),
  ]);
  const { nodes } = topological([output]);
  const ids = new Map(nodes.map((node, i) => [node, `n${i}`]));
  const scalar = output.shape.length === 0;
  const trace =
    options.values !== undefined && scalar ? backprop(output, options.values) : undefined;
  const lines = [
    "digraph chainrule {",
    '  graph [rankdir=LR, fontname="Helvetica"];',
    '  node [shape=plain, fontname="Helvetica", fontsize=12];',
    '  edge [fontname="Helvetica", fontsize=10, color="#555555"];',
  ];
  const label = (node: Expr): string => shorten(names.get(node) ?? ownName(node));
  for (const node of nodes) {
    lines.push(
      `  "${ids.get(node)}" [label=<${table(node, label(node), trace?.at(node), options)}>];`,
    );
  }
  const inputs = nodes.filter((node) => node.args.length === 0).map((node) => `"${ids.get(node)}"`);
  if (inputs.length > 0) lines.push(`  { rank=source; ${inputs.join("; ")}; }`);
  for (const node of nodes) {
    node.args.forEach((arg, index) => {
      const step = trace?.at(arg)?.contributions.find((c) => c.user === node && c.index === index);
      const text =
        step === undefined ? "" : ` [label="${escapeString(local(step, names, options))}"]`;
      lines.push(`  "${ids.get(arg)}" -> "${ids.get(node)}"${text};`);
      if (step !== undefined) lines.push(`  ${backward(ids, node, arg, step, options)}`);
    });
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

/** What a node is called when nobody named it: its own name, its number, or its op. */
function ownName(node: Expr): string {
  const { name } = node.attributes;
  if (typeof name === "string" && node.args.length === 0) return name;
  return node.args.length === 0 ? toText(node) : node.op.name;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_LABEL
    ? text
    : `${characters.slice(0, LONGEST_LABEL - 1).join("")}…`;
}

function table(
  node: Expr,
  name: string,
  entry: TraceNode | undefined,
  { digits }: DotOptions,
): string {
  const op = node.args.length > 0 && name !== node.op.name ? ` = ${node.op.name}` : "";
  const shape = node.shape.length === 0 ? "" : ` ${formatShape(node.shape)}`;
  const rows = [
    `<tr><td colspan="2"><b>${escapeHtml(name)}</b>${escapeHtml(op + shape)}</td></tr>`,
  ];
  if (entry !== undefined) {
    const value = showValue(entry.value, digits);
    const adjoint = entry.adjoint === undefined ? "no path" : showValue(entry.adjoint, digits);
    rows.push(
      `<tr><td><font color="#0b5cad">${escapeHtml(value)}</font></td>` +
        `<td><font color="#b3261e">${escapeHtml(adjoint)}</font></td></tr>`,
    );
  }
  const fill = node.args.length === 0 ? "#eef4fb" : "#ffffff";
  return `<table border="0" cellborder="1" cellspacing="0" cellpadding="4" bgcolor="${fill}">${rows.join("")}</table>`;
}

function showValue(value: TupleValue, digits: number | undefined): string {
  if (typeof value === "number") return formatNumber(value, digits);
  return "shape" in value ? formatShape(value.shape) : `${value.length} values`;
}

/** The local derivative as symbol and number: `c = -2`. */
function local(
  { partial }: Contribution,
  names: ReadonlyMap<Expr, string>,
  { digits }: DotOptions,
): string {
  if (partial === undefined) return "";
  const symbol = shorten(toText(partial.shown, { names, style: "reading" }));
  if (typeof partial.value !== "number") return symbol;
  const number = formatNumber(partial.value, digits);
  return symbol === number ? number : `${symbol} = ${number}`;
}

function backward(
  ids: ReadonlyMap<Expr, string>,
  user: Expr,
  arg: Expr,
  { value }: Contribution,
  { digits }: DotOptions,
): string {
  const label = escapeString(showValue(value, digits));
  return `"${ids.get(user)}" -> "${ids.get(arg)}" [style=dashed, constraint=false, color="#b3261e", fontcolor="#b3261e", label="${label}"];`;
}

/** Text inside an HTML-like label. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/\p{Cc}/gu, " ");
}

/** Text inside a quoted label. */
function escapeString(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replace(/\p{Cc}/gu, " ");
}
