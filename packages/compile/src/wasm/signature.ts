import * as table from "./instructions.ts";
import type { ValueType } from "./types.ts";

/** What follows an opcode. */
export type Immediate =
  | "none"
  | "memory"
  | "lane"
  | "memory-lane"
  | "shuffle"
  | "memory-index"
  | "memory-indices"
  | "special";

/** An instruction as the printer and the validator see it. */
export interface Instruction {
  readonly name: string;
  readonly immediate: Immediate;
  /** Binary logarithm of the natural alignment; the greatest that an access may claim. */
  readonly alignment: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

const comparison = /^(eq|ne|lt|gt|le|ge)(_[su])?$/;
const unary = /^(clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|not|extend\d+_s)$/;
const conversion = /_(i32|i64|f32|f64)(_[su])?$/;
const vectorConversion = /_[if]\d+x\d+(_[su])?(_zero)?$/;

/** The scalar that a lane of a vector type holds on the stack. */
function laneType(group: string): ValueType {
  if (group === "i64x2") return "i64";
  if (group === "f32x4") return "f32";
  return group === "f64x2" ? "f64" : "i32";
}

/** Type of an access; `type` is what is loaded or stored. */
function memoryAccess(name: string, type: ValueType): [ValueType[], ValueType[]] {
  if (name.endsWith("cmpxchg")) return [["i32", type, type], [type]];
  if (name.includes("rmw")) return [["i32", type], [type]];
  if (name.endsWith("_lane")) return [["i32", type], name.startsWith("store") ? [] : [type]];
  return name.includes("store") ? [["i32", type], []] : [["i32"], [type]];
}

function scalar(type: ValueType, name: string): [ValueType[], ValueType[]] {
  if (name === "eqz") return [[type], ["i32"]];
  if (comparison.test(name)) return [[type, type], ["i32"]];
  if (unary.test(name)) return [[type], [type]];
  const source = conversion.exec(name)?.[1];
  if (source !== undefined) return [[source as ValueType], [type]];
  return [[type, type], [type]];
}

function vector(group: string, name: string): [ValueType[], ValueType[]] {
  if (name === "splat") return [[laneType(group)], ["v128"]];
  if (name.startsWith("extract_lane")) return [["v128"], [laneType(group)]];
  if (name === "replace_lane") return [["v128", laneType(group)], ["v128"]];
  if (name.startsWith("shl") || name.startsWith("shr")) return [["v128", "i32"], ["v128"]];
  if (/^(any_true|all_true|bitmask)$/.test(name)) return [["v128"], ["i32"]];
  if (name === "bitselect") return [["v128", "v128", "v128"], ["v128"]];
  if (name.startsWith("narrow")) return [["v128", "v128"], ["v128"]];
  if (unary.test(name) || vectorConversion.test(name)) return [["v128"], ["v128"]];
  return [["v128", "v128"], ["v128"]];
}

/** Types of the instructions on memory as a whole. */
const whole: Readonly<Record<string, [ValueType[], ValueType[]]>> = {
  size: [[], ["i32"]],
  grow: [["i32"], ["i32"]],
  copy: [["i32", "i32", "i32"], []],
  fill: [["i32", "i32", "i32"], []],
  "atomic.notify": [["i32", "i32"], ["i32"]],
  "atomic.wait32": [["i32", "i32", "i64"], ["i32"]],
  "atomic.wait64": [["i32", "i64", "i64"], ["i32"]],
};

function immediateOf(group: string, name: string): Immediate {
  if (group === "memory" && !name.startsWith("atomic"))
    return name === "copy" ? "memory-indices" : "memory-index";
  if (group === "memory" || name.startsWith("atomic")) return "memory";
  if (/^(load|store)/.test(name)) return name.endsWith("_lane") ? "memory-lane" : "memory";
  if (name.includes("_lane")) return "lane";
  return name === "shuffle" ? "shuffle" : "none";
}

function describe(group: string, name: string, code: number): Instruction {
  const immediate = immediateOf(group, name);
  const type: ValueType = /x/.test(group) || group === "v128" ? "v128" : (group as ValueType);
  const known = group === "memory" ? whole[name] : undefined;
  const [params, results] =
    known ??
    (immediate.startsWith("memory")
      ? memoryAccess(name, type)
      : type === "v128"
        ? vector(group, name)
        : scalar(type, name));
  return { name: `${group}.${name}`, immediate, alignment: code >> 16, params, results };
}

const instructions = new Map<number, Instruction>();
const { control, ...groups } = table;
for (const [group, codes] of Object.entries(groups)) {
  for (const [name, code] of Object.entries(codes)) {
    instructions.set(code & 0xffff, describe(group, name, code));
  }
}
for (const [name, code] of Object.entries(control)) {
  const plain = { name, immediate: "special", alignment: 0, params: [], results: [] } as const;
  instructions.set(code, plain);
}

/** The instruction of an opcode with its prefix, without alignment; undefined where unknown. */
export function instructionOf(opcode: number): Instruction | undefined {
  return instructions.get(opcode);
}
