import { type DType, type Expr, formatShape, type Program, Tensor } from "@chainrule/core";
import { numpyHelpers, numpyRules, sizeName } from "./numpyRules.ts";
import { commentText, Identifiers, sourceParts } from "./parts.ts";
import { type Language, writeLines } from "./writer.ts";

/** Options of `toNumpy`. */
export interface NumpyOptions {
  /** Name of the function; `program` by default. */
  readonly name?: string;
}

const types: Readonly<Record<DType, string>> = {
  f64: "np.float64",
  f32: "np.float32",
  i32: "np.int32",
  bool: "np.bool_",
};

/**
 * A program as one Python module that needs NumPy alone: a function from named inputs to a dictionary of outputs.
 *
 * Tensors stay tensors, one line an operation with its shape beside; named sizes are read off the inputs. Next values
 * of states are outputs `next_<name>`. Loops, convolutions and random numbers have no form here.
 * Throws ArgumentError for ops without a form, all at once.
 */
export function toNumpy(target: Program | Expr, options: NumpyOptions = {}): string {
  const { inputs, outputs, updates } = sourceParts(target);
  const results = [
    ...outputs,
    ...[...updates].map(([name, [, next]]): [string, Expr] => [`next_${name}`, next]),
  ];
  const locals = new Identifiers(reserved);
  const given = new Map<Expr, string>();
  const prologue: string[] = [];
  const sizes = new Set<string>();
  for (const [name, node] of inputs) {
    const local = locals.of(name);
    given.set(node, local);
    prologue.push(`${local} = np.asarray(${local}, dtype=${types[node.dtype]})`);
    const wanted = node.shape.map((dim, axis) => {
      if (typeof dim === "number" || sizes.has(dim)) return sizeName(dim);
      sizes.add(dim);
      prologue.push(`${sizeName(dim)} = ${local}.shape[${axis}]`);
      return sizeName(dim);
    });
    const shape = wanted.length === 1 ? `(${wanted[0]},)` : `(${wanted.join(", ")})`;
    prologue.push(
      `if ${local}.shape != ${shape}:`,
      `    raise ValueError("${local} must have shape ${commentText(formatShape(node.shape))}, got " + str(${local}.shape))`,
    );
  }
  const tables: string[] = [];
  const language: Language = {
    where: "toNumpy",
    rules: numpyRules,
    literal: numberText,
    table: (node) => {
      const { value } = node.attributes;
      if (!(value instanceof Tensor)) return undefined;
      const name = locals.of("table");
      const items = Array.from(value.data, (one) => numberText(one)).join(", ");
      const shape = `(${value.shape.map((dim) => `${dim},`).join(" ")})`;
      tables.push(`${name} = np.array([${items}], dtype=${types[node.dtype]}).reshape(${shape})`);
      return name;
    },
    line: (name, value, node) =>
      `${name} = ${typed(value, node)}  # ${commentText(formatShape(node.shape))}`,
  };
  const body = writeLines(
    results.map(([, node]) => node),
    given,
    () => locals.of("t"),
    language,
  );
  const name = new Identifiers(reserved).of(options.name ?? "program");
  const text = body.lines.join("\n");
  const helpers = usedHelpers(text);
  const needsMath = /\bmath\./.test([text, ...helpers].join("\n"));
  const returned = results.map(
    ([key, node], i) =>
      `${stringText(key)}: np.asarray(${body.outputs[i]}, dtype=${types[node.dtype]}),`,
  );
  return [
    `"""${commentText(name)}: a program of chainrule in NumPy."""`,
    "",
    ...(needsMath ? ["import math", ""] : []),
    "import numpy as np",
    "",
    ...helpers.flatMap((one) => ["", one, ""]),
    ...tables,
    "",
    `def ${name}(${[...given.values()].join(", ")}):`,
    ...prologue.map((line) => `    ${line}`),
    '    with np.errstate(all="ignore"):',
    ...body.lines.map((line) => `        ${line}`),
    "        return {",
    ...returned.map((line) => `            ${line}`),
    "        }",
    "",
  ].join("\n");
}

/** NumPy's own promotion is right for doubles alone. */
function typed(value: string, { dtype }: Expr): string {
  return dtype === "f64" ? value : `np.asarray(${value}, dtype=${types[dtype]})`;
}

function usedHelpers(text: string): readonly string[] {
  const used = new Set<string>();
  let seen = text;
  for (const [name, source] of Object.entries(numpyHelpers).toReversed()) {
    if (!new RegExp(`(?<![.\\w])${name}\\(`).test(seen)) continue;
    used.add(name);
    seen += source;
  }
  return Object.entries(numpyHelpers)
    .filter(([name]) => used.has(name))
    .map(([, source]) => source);
}

/** A number that Python reads back to the same bits. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "math.nan";
  const size = Math.abs(value);
  const text =
    size === Number.POSITIVE_INFINITY
      ? "math.inf"
      : /[.e]/.test(`${size}`)
        ? `${size}`
        : `${size}.0`;
  return value < 0 || Object.is(value, -0) ? `(-${text})` : text;
}

/** Any text as a string of Python, ASCII alone. */
function stringText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const reserved: readonly string[] =
  `False None True and as assert async await break class continue def del elif else except
finally for from global if import in is lambda nonlocal not or pass raise return try while with yield
np math str list tuple slice ValueError`
    .split(/\s+/)
    .concat(Object.keys(numpyHelpers));
