import { type DType, formatShape } from "@chainrule/core";
import type { Layout, Slot } from "../plan/layout.ts";

const arrays: Readonly<Record<DType, string>> = {
  f64: "Float64Array",
  f32: "Float32Array",
  i32: "Int32Array",
  bool: "Uint8Array",
};

/** The declarations of a saved program's loader: inputs and outputs by name with their types. */
export function typesText({ inputs, outputs, sizes }: Layout): string {
  const names = sizes.map((name) => `readonly ${JSON.stringify(name)}?: number`);
  return `/** Numbers in nested arrays, one level an axis. */
export type Nested = readonly (number | Nested)[];

/** Elements in row-major order. */
export type Elements = Float64Array | Float32Array | Int32Array | Uint8Array;

/** What the program needs; an input that is given no value keeps the one it has. */
export interface Inputs {
${inputs.map((slot) => member(slot, inputType(slot))).join("")}}

/** What the program gives. */
export interface Outputs {
${outputs.map((slot) => member(slot, outputType(slot))).join("")}}

/** Name of an input or output. */
export type Name = keyof Inputs | keyof Outputs;

/** The program in a memory of its own. */
export interface Model {
  /** Runs on values of the inputs; all are checked before it starts. */
  (values?: Partial<Inputs>): Outputs;
  /** Runs on what the inputs hold. */
  run(): void;
  /** Writes values of inputs without running. */
  set(values: Partial<Inputs>): void;
  /** The present value of an input, state or output, as a copy. */
  get<N extends Name>(name: N): N extends keyof Outputs ? Outputs[N] : number | Elements;
  /** The elements of an input, state or output in memory; valid until a named size changes. */
  view(name: Name): Elements;
  /** The lengths of the axes. */
  shape(name: Name): readonly number[];
}

/** An address (relative ones are beside the loader), or the bytes of the module. */
export type Source = string | { readonly href: string } | ArrayBuffer | Uint8Array;

/** Loads the module, by default from beside the loader. \`sizes\` are lengths of named sizes that no input fixes. */
export declare function load(
  source?: Source,
  sizes?: { ${names.join("; ")} },
): Promise<Model>;
`;
}

function member(slot: Slot, type: string): string {
  const { name, dtype, shape } = slot;
  const about = `${dtype} ${formatShape(shape)}`.replaceAll("*/", "* /");
  return `  /** ${about} */\n  readonly ${JSON.stringify(name)}: ${type};\n`;
}

function inputType(slot: Slot): string {
  return slot.shape.length === 0 ? "number" : "Elements | Nested";
}

function outputType({ shape, dtype }: Slot): string {
  return shape.length === 0 ? "number" : arrays[dtype];
}
