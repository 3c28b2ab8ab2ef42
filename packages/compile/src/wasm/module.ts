import { Body } from "./body.ts";
import { Bytes } from "./bytes.ts";
import { control } from "./instructions.ts";
import { type FunctionType, type Limits, typeCode, type ValueType } from "./types.ts";

/** Kinds of imports and exports, in the order of their codes. */
export const externalKinds = ["function", "table", "memory", "global"] as const;
/** What an import or export is. */
export type ExternalKind = (typeof externalKinds)[number];

interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  readonly description: Bytes;
}

/** `\0asm` and version 1. */
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Numbers of the sections, which must come in this order; 0 is for custom ones. */
const sectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
} as const;

/**
 * A WebAssembly module under construction.
 *
 * Functions are numbered as they are made, so that calls are written at once, also to functions whose
 * body is still empty. Imports come first in that numbering: all must be declared before the first function.
 */
export class ModuleBuilder {
  readonly #types: FunctionType[] = [];
  readonly #typeIndices = new Map<string, number>();
  readonly #imports: Import[] = [];
  readonly #importNames: string[] = [];
  readonly #bodies: Body[] = [];
  readonly #memories: Bytes[] = [];
  readonly #tables: Bytes[] = [];
  readonly #globals: Bytes[] = [];
  readonly #exports: Bytes[] = [];
  readonly #exported = new Set<string>();
  readonly #elements: Bytes[] = [];
  readonly #data: Bytes[] = [];
  #importedGlobals = 0;
  #start: number | undefined;

  /** The index of a function type; the same for the same type. */
  type(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#types.push({ params, results }) - 1;
    this.#typeIndices.set(key, index);
    return index;
  }

  /** Declares a function of the host; gives its index. Throws if a function has been made before. */
  importFunction(
    module: string,
    name: string,
    params: readonly ValueType[],
    results: readonly ValueType[],
  ): number {
    if (this.#bodies.length > 0) {
      throw new Error(`importFunction: imports must precede functions, got ${module}.${name} late`);
    }
    const description = new Bytes();
    description.u32(this.type(params, results));
    this.#imports.push({ module, name, kind: "function", description });
    return this.#importNames.push(`${module}.${name}`) - 1;
  }

  /** A memory made by the host, as threads need it. */
  importMemory(module: string, name: string, limits: Limits): void {
    const description = encodeLimits(limits);
    this.#imports.push({ module, name, kind: "memory", description });
  }

  /** A global of the host; gives its index. Throws if a global has been made before. */
  importGlobal(module: string, name: string, type: ValueType, mutable: boolean): number {
    if (this.#globals.length > 0) {
      throw new Error(`importGlobal: imports must precede globals, got ${module}.${name} late`);
    }
    this.#imports.push({ module, name, kind: "global", description: globalType(type, mutable) });
    return this.#importedGlobals++;
  }

  /** A new function, whose body the caller writes. */
  function(name: string, params: readonly ValueType[], results: readonly ValueType[]): Body {
    const index = this.#importNames.length + this.#bodies.length;
    const body = new Body(index, name, { params, results });
    this.#bodies.push(body);
    return body;
  }

  /** Functions made so far, without imports. */
  get functionCount(): number {
    return this.#bodies.length;
  }

  memory(limits: Limits): void {
    this.#memories.push(encodeLimits(limits));
  }

  /** A table of functions; gives its index. */
  table(limits: Limits): number {
    const bytes = new Bytes();
    bytes.u8(0x70);
    bytes.append(encodeLimits(limits).view());
    return this.#tables.push(bytes) - 1;
  }

  /** Puts functions into the first table, from `offset` on. */
  elements(offset: number, functions: readonly number[]): void {
    const bytes = new Bytes();
    bytes.u32(0);
    constantAddress(bytes, offset);
    bytes.u32(functions.length);
    for (const index of functions) bytes.u32(index);
    this.#elements.push(bytes);
  }

  /** A global with its first value; gives its index. */
  global(type: Exclude<ValueType, "v128">, mutable: boolean, value: number | bigint): number {
    const bytes = globalType(type, mutable);
    bytes.u8(control[`${type}.const`]);
    if (type === "f64") bytes.f64(Number(value));
    else if (type === "f32") bytes.f32(Number(value));
    else if (type === "i64") bytes.i64(BigInt(value));
    else bytes.i32(Number(value));
    bytes.u8(control.end);
    return this.#importedGlobals + this.#globals.push(bytes) - 1;
  }

  /** A constant vector of the same double or 64-bit integer twice; gives the index of its global. */
  vector(value: number | bigint): number {
    const bytes = globalType("v128", false);
    bytes.u8(control["v128.const"] >> 8);
    bytes.u32(control["v128.const"] & 0xff);
    for (let lane = 0; lane < 2; lane++) {
      if (typeof value === "bigint") bytes.doubleWord(value);
      else bytes.f64(value);
    }
    bytes.u8(control.end);
    return this.#importedGlobals + this.#globals.push(bytes) - 1;
  }

  export(name: string, kind: ExternalKind, index = 0): void {
    if (this.#exported.has(name)) throw new Error(`export: names must differ, got ${name} twice`);
    this.#exported.add(name);
    const bytes = new Bytes();
    bytes.name(name);
    bytes.u8(externalKinds.indexOf(kind));
    bytes.u32(index);
    this.#exports.push(bytes);
  }

  /** Bytes that memory holds from `address` on when the module is instantiated. */
  data(address: number, content: Uint8Array): void {
    const bytes = new Bytes();
    bytes.u32(0);
    constantAddress(bytes, address);
    bytes.sized(content);
    this.#data.push(bytes);
  }

  /** A function without parameters and results that runs on instantiation. */
  start(functionIndex: number): void {
    this.#start = functionIndex;
  }

  /** The module in the binary format, with names of functions for debuggers and `toWat`. */
  build({ names = true }: { readonly names?: boolean } = {}): Uint8Array {
    const bodyTypes = this.#bodies.map(({ type }) => this.type(type.params, type.results));
    const module = new Bytes();
    module.append(Uint8Array.from(header));
    section(module, sectionId.type, this.#types.map(encodeFunctionType));
    section(module, sectionId.import, this.#imports.map(encodeImport));
    section(module, sectionId.function, bodyTypes.map(encodeIndex));
    section(module, sectionId.table, this.#tables);
    section(module, sectionId.memory, this.#memories);
    section(module, sectionId.global, this.#globals);
    section(module, sectionId.export, this.#exports);
    if (this.#start !== undefined) {
      module.u8(sectionId.start);
      module.sized(encodeIndex(this.#start).view());
    }
    section(module, sectionId.element, this.#elements);
    section(module, sectionId.code, this.#bodies.map(encodeBody));
    section(module, sectionId.data, this.#data);
    if (names) this.#names(module);
    return module.view();
  }

  /** Custom section "name", subsection 1: names of functions. */
  #names(module: Bytes): void {
    const all = [...this.#importNames, ...this.#bodies.map(({ name }) => name)];
    if (all.length === 0) return;
    const map = new Bytes();
    map.u32(all.length);
    all.forEach((name, index) => {
      map.u32(index);
      map.name(name);
    });
    const content = new Bytes();
    content.name("name");
    content.u8(1);
    content.sized(map.view());
    module.u8(sectionId.custom);
    module.sized(content.view());
  }
}

function section(module: Bytes, id: number, entries: readonly Bytes[]): void {
  if (entries.length === 0) return;
  const count = new Bytes();
  count.u32(entries.length);
  let size = count.length;
  for (const entry of entries) size += entry.length;
  module.u8(id);
  module.u32(size);
  module.append(count.view());
  for (const entry of entries) module.append(entry.view());
}

function encodeIndex(index: number): Bytes {
  const bytes = new Bytes();
  bytes.u32(index);
  return bytes;
}

function encodeFunctionType({ params, results }: FunctionType): Bytes {
  const bytes = new Bytes();
  bytes.u8(0x60);
  for (const types of [params, results]) {
    bytes.u32(types.length);
    for (const type of types) bytes.u8(typeCode[type]);
  }
  return bytes;
}

function encodeImport({ module, name, kind, description }: Import): Bytes {
  const bytes = new Bytes();
  bytes.name(module);
  bytes.name(name);
  bytes.u8(externalKinds.indexOf(kind));
  bytes.append(description.view());
  return bytes;
}

function encodeBody(body: Body): Bytes {
  const bytes = new Bytes();
  bytes.sized(body.encode().view());
  return bytes;
}

function globalType(type: ValueType, mutable: boolean): Bytes {
  const bytes = new Bytes();
  bytes.u8(typeCode[type]);
  bytes.u8(mutable ? 1 : 0);
  return bytes;
}

/** Flags: bit 0 a maximum, bit 1 shared. */
function encodeLimits({ minimum, maximum, shared = false }: Limits): Bytes {
  const bytes = new Bytes();
  bytes.u8((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
  bytes.u32(minimum);
  if (maximum !== undefined) bytes.u32(maximum);
  return bytes;
}

function constantAddress(bytes: Bytes, address: number): void {
  bytes.u8(control["i32.const"]);
  bytes.i32(address);
  bytes.u8(control.end);
}
