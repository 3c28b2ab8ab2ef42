import {
  ArgumentError,
  type DType,
  type Expr,
  formatShape,
  type Program,
  scalarize,
} from "@chainrule/core";
import { commentText, Identifiers, sourceParts } from "./parts.ts";
import { typescriptHelpers, typescriptRules } from "./typescriptRules.ts";
import { type Language, nodeCount, writeLines } from "./writer.ts";

/** Options of `toTypescript`. */
export interface TypescriptOptions {
  /** Name of the function; `program` by default. */
  readonly name?: string;
  /** Lengths of named sizes. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** Engines give up on longer functions; the saved WebAssembly holds what is larger. */
const MOST_NODES = 20_000;

const arrays: Readonly<Record<DType, string>> = {
  f64: "Float64Array",
  f32: "Float32Array",
  i32: "Int32Array",
  bool: "Uint8Array",
};

const language: Language = {
  where: "toTypescript",
  rules: typescriptRules,
  literal: (value) => {
    if (Number.isNaN(value)) return "Number.NaN";
    const size =
      Math.abs(value) === Number.POSITIVE_INFINITY
        ? "Number.POSITIVE_INFINITY"
        : `${Math.abs(value)}`;
    return value < 0 || Object.is(value, -0) ? `(-${size})` : size;
  },
  line: (name, value, node) => `  const ${name} = ${rounded(value, node)};`,
};

/** A value in the element type of its node. */
function rounded(value: string, { dtype, op }: Expr): string {
  if (dtype === "f32") return `Math.fround(${value})`;
  if (dtype === "i32") return `(${value}) | 0`;
  return dtype === "bool" && op.name === "cast" ? `${value} !== 0 ? 1 : 0` : value;
}

/**
 * A program as one TypeScript module without imports: a function from named inputs to named outputs.
 *
 * Scalars are numbers, tensors row-major arrays; next values of states are outputs `next_<name>`.
 * Tensors become their elements, one line an operation, so this is for programs up to 20,000 operations.
 * Throws ArgumentError for more, for sizes that are not given, and for ops without a form, all at once.
 */
export function toTypescript(target: Program | Expr, options: TypescriptOptions = {}): string {
  const { inputs, outputs, updates } = sourceParts(target);
  const results = [
    ...outputs,
    ...[...updates].map(([name, [, next]]): [string, Expr] => [`next_${name}`, next]),
  ];
  const scalars = scalarize(
    results.map(([, node]) => node),
    { sizes: options.sizes ?? {} },
  );
  const elements = scalars.outputs.flatMap(({ items }) => items);
  const count = nodeCount(elements);
  if (count > MOST_NODES) {
    throw new ArgumentError(
      `toTypescript: a program must have at most ${MOST_NODES} operations on numbers, got ${count}`,
    );
  }
  const given = new Map<Expr, string>();
  const locals = new Identifiers(reserved);
  const reads: string[] = [];
  for (const [name, node] of inputs) {
    const items = scalars.inputs.get(node)?.items ?? [];
    if (items.length === 0) continue;
    const from = `inputs[${JSON.stringify(name)}]`;
    const isScalar = node.shape.length === 0;
    if (!isScalar) reads.push(`  check(${JSON.stringify(name)}, ${from}.length, ${items.length});`);
    items.forEach((item, i) => {
      const local = locals.of(isScalar ? name : `${name}_${i}`);
      given.set(item, local);
      const read = isScalar ? from : `(${from}[${i}] as number)`;
      reads.push(`  const ${local} = ${rounded(read, item)};`);
    });
  }
  const body = writeLines(elements, given, () => locals.of("t"), language);
  let at = 0;
  const returned = results.map(([name, node], i) => {
    const length = scalars.outputs[i]?.items.length ?? 0;
    const values = body.outputs.slice(at, at + length);
    at += length;
    const key = JSON.stringify(name);
    if (node.shape.length === 0) return `    ${key}: ${values[0]},`;
    return `    ${key}: ${arrays[node.dtype]}.of(${values.join(", ")}),`;
  });
  const name = new Identifiers(reserved).of(options.name ?? "program");
  const lines = [...reads, ...body.lines].join("\n");
  const helpers = Object.entries(typescriptHelpers).filter(([one]) => lines.includes(`${one}(`));
  return [
    "/** Inputs by name; tensors row by row. */",
    "export interface Inputs {",
    ...[...inputs].map(([key, node]) =>
      member(key, node, node.shape.length === 0 ? "number" : "ArrayLike<number>"),
    ),
    "}",
    "",
    "/** Outputs by name; tensors row by row. */",
    "export interface Outputs {",
    ...results.map(([key, node]) =>
      member(key, node, node.shape.length === 0 ? "number" : arrays[node.dtype]),
    ),
    "}",
    "",
    ...helpers.flatMap(([, text]) => [text, ""]),
    `export function ${name}(inputs: Inputs): Outputs {`,
    ...reads,
    ...body.lines,
    "  return {",
    ...returned,
    "  };",
    "}",
    "",
  ].join("\n");
}

function member(name: string, { dtype, shape }: Expr, type: string): string {
  const about = commentText(`${dtype} ${formatShape(shape)}`);
  return `  /** ${about} */\n  readonly ${JSON.stringify(name)}: ${type};`;
}

const reserved: readonly string[] =
  `Infinity Math NaN Number RangeError arguments await break case catch check class const continue debugger default
delete do else enum eval export extends false finally for function if implements import in
inputs instanceof interface let new null package private protected public return static super
switch this throw true try typeof undefined var void while with yield Inputs Outputs ArrayLike check modulo
Float64Array Float32Array Int32Array Uint8Array`.split(/\s+/);
