import type { BlockType } from "./body.ts";
import { decodeUtf8 } from "./bytes.ts";
import {
  type DecodedImport,
  type DecodedModule,
  decodeModule,
  functionTypes,
  type GlobalType,
} from "./decode.ts";
import { control } from "./instructions.ts";
import { type Operator, readOperator } from "./operator.ts";
import { Reader } from "./reader.ts";
import type { FunctionType, Limits, ValueType } from "./types.ts";

/**
 * WebAssembly's text format of a module in the binary format, flat, one instruction a line, which reads
 * back to the same code. Functions have the names of the module's name section.
 * Throws RangeError where the module has parts that `ModuleBuilder` does not write.
 */
export function toWat(bytes: Uint8Array): string {
  const module = decodeModule(bytes);
  const types = functionTypes(module);
  const names = functionNames(module, types.length);
  const lines = ["(module"];
  module.types.forEach((type, i) => {
    lines.push(`  (type (;${i};) (func${signature(type)}))`);
  });
  let function_ = 0;
  for (const item of module.imports) {
    const name = item.kind === "function" ? names[function_++] : undefined;
    lines.push(`  (import ${quote(item.module)} ${quote(item.name)} ${printImport(item, name)})`);
  }
  module.bodies.forEach((body, i) => {
    const type = types[function_ + i];
    if (type === undefined) return;
    lines.push(`  (func ${names[function_ + i]} (type ${module.functions[i]})${signature(type)}`);
    if (body.locals.length > 0) lines.push(`    (local ${body.locals.join(" ")})`);
    printCode(new Reader(bytes, body.start, body.end), names, lines);
    lines.push("  )");
  });
  for (const limits of module.tables) lines.push(`  (table ${printLimits(limits)} funcref)`);
  for (const limits of module.memories) lines.push(`  (memory ${printLimits(limits)})`);
  for (const { type, start, end } of module.globals) {
    const value = printOperator(readOperator(new Reader(bytes, start, end)), names);
    lines.push(`  (global ${printGlobal(type)} (${value}))`);
  }
  for (const { name, kind, index } of module.exports) {
    const target = kind === "function" ? names[index] : index;
    lines.push(`  (export ${quote(name)} (${kind === "function" ? "func" : kind} ${target}))`);
  }
  if (module.start !== undefined) lines.push(`  (start ${names[module.start]})`);
  for (const { offset, functions } of module.elements) {
    lines.push(`  (elem (i32.const ${offset}) func ${functions.map((i) => names[i]).join(" ")})`);
  }
  for (const { address, content } of module.data) {
    lines.push(`  (data (i32.const ${address}) "${Array.from(content, escapeByte).join("")}")`);
  }
  lines.push(")");
  return `${lines.join("\n")}\n`;
}

/** `$name`, made of the characters that identifiers may have and different for every function. */
function functionNames(module: DecodedModule, count: number): string[] {
  const used = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const plain = (module.names.get(i) ?? `f${i}`).replace(/[^\w!#$%&'*+\-./:<=>?@\\^`|~]/g, "_");
    const name = used.has(plain) ? `${plain}#${i}` : plain;
    used.add(name);
    return `$${name}`;
  });
}

function printCode(reader: Reader, names: readonly string[], lines: string[]): void {
  let depth = 2;
  while (!reader.done) {
    const operator = readOperator(reader);
    const { opcode } = operator;
    if (opcode === control.end || opcode === control.else) depth--;
    // The body's own end is the closing parenthesis.
    if (reader.done && opcode === control.end) return;
    lines.push("  ".repeat(depth) + printOperator(operator, names));
    if (openers.has(opcode)) depth++;
  }
}

const openers: ReadonlySet<number> = new Set([
  control.block,
  control.loop,
  control.if,
  control.else,
]);

function printOperator(operator: Operator, names: readonly string[]): string {
  const { opcode, instruction, indices, block, bytes, constant } = operator;
  const { name, immediate, alignment } = instruction;
  const first = indices[0] ?? 0;
  if (opcode === control.call) return `${name} ${names[first]}`;
  if (opcode === control.call_indirect) return `${name} (type ${first})`;
  if (constant !== undefined) return `${name} ${printNumber(constant, bytes)}`;
  if (opcode === control["v128.const"]) return `${name} ${printVector(bytes)}`;
  if (bytes !== undefined) return `${name} ${bytes.join(" ")}`;
  if (block !== undefined) return `${name}${blockType(block)}`;
  if (opcode === control["atomic.fence"]) return name;
  switch (immediate) {
    case "memory":
    case "memory-lane": {
      const [aligned = 0, offset = 0, lane] = indices;
      const parts = [name];
      if (offset !== 0) parts.push(`offset=${offset}`);
      if (aligned !== alignment) parts.push(`align=${2 ** aligned}`);
      if (lane !== undefined) parts.push(`${lane}`);
      return parts.join(" ");
    }
    case "memory-index":
    case "memory-indices":
      return name;
    default:
      return [name, ...indices].join(" ");
  }
}

function blockType(block: BlockType): string {
  return typeof block === "number" ? ` (type ${block})` : ` (result ${block})`;
}

/** The shortest decimal that reads back as the same number; NaN with its sign and payload. */
function printNumber(value: number | bigint, bytes: Uint8Array | undefined): string {
  if (typeof value === "bigint" || !Number.isNaN(value)) {
    if (Object.is(value, -0)) return "-0";
    return `${value}`.replace("Infinity", "inf");
  }
  let bits = 0n;
  for (const byte of [...(bytes ?? [])].reverse()) bits = (bits << 8n) | BigInt(byte);
  const single = bytes?.length === 4;
  const sign = bits >> (single ? 31n : 63n) ? "-" : "";
  const payload = bits & ((1n << (single ? 23n : 52n)) - 1n);
  return `${sign}nan:0x${payload.toString(16)}`;
}

/** As two doubles where they read well, else as four words. */
function printVector(bytes: Uint8Array = new Uint8Array(16)): string {
  const reader = new Reader(bytes);
  const doubles = [reader.f64(), reader.f64()];
  if (doubles.every(readsWell))
    return `f64x2 ${doubles.map((x) => printNumber(x, undefined)).join(" ")}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const words = [0, 4, 8, 12].map(
    (at) => `0x${view.getUint32(at, true).toString(16).padStart(8, "0")}`,
  );
  return `i32x4 ${words.join(" ")}`;
}

/** Bits that are meant as integers are denormal, huge or NaN when read as doubles. */
function readsWell(x: number): boolean {
  return x === 0 || (Math.abs(x) > 1e-40 && Math.abs(x) < 1e40);
}

function signature({ params, results }: FunctionType): string {
  return group("param", params) + group("result", results);
}

function group(word: string, types: readonly ValueType[]): string {
  return types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
}

function printImport({ kind, declared }: DecodedImport, name: string | undefined): string {
  if (kind === "function") return `(func ${name} (type ${declared}))`;
  if (kind === "global") return `(global ${printGlobal(declared as GlobalType)})`;
  return `(${kind} ${printLimits(declared as Limits)}${kind === "table" ? " funcref" : ""})`;
}

function printLimits({ minimum, maximum, shared }: Limits): string {
  const parts = maximum === undefined ? [minimum] : [minimum, maximum];
  return parts.join(" ") + (shared === true ? " shared" : "");
}

function printGlobal({ type, mutable }: GlobalType): string {
  return mutable ? `(mut ${type})` : type;
}

function quote(text: string): string {
  return `"${text.replace(/["\\\p{Cc}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)}"`;
}

/** Letters, digits and blanks as themselves, other bytes by number. */
function escapeByte(byte: number): string {
  const plain = decodeUtf8(Uint8Array.of(byte & 0x7f));
  return byte < 0x80 && /[\w ]/.test(plain) ? plain : `\\${byte.toString(16).padStart(2, "0")}`;
}
