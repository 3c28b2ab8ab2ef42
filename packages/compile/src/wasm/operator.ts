import type { BlockType } from "./body.ts";
import { control } from "./instructions.ts";
import { Reader } from "./reader.ts";
import { type Instruction, instructionOf } from "./signature.ts";
import { typeOfCode } from "./types.ts";

/** An instruction read from code. */
export interface Operator {
  /** Place of its first byte in the module. */
  readonly at: number;
  /** Opcode with its prefix, as in `instructions.ts` without alignment. */
  readonly opcode: number;
  readonly instruction: Instruction;
  /** Indices, depths, lanes, alignment and offset, in the order of the binary format. */
  readonly indices: readonly number[];
  /** The number of a constant of `i32`, `i64`, `f32` or `f64`. */
  readonly constant?: number | bigint;
  /** The bytes of a `v128.const`, of an `i8x16.shuffle`, and of floats, whose NaNs differ in nothing else. */
  readonly bytes?: Uint8Array;
  readonly block?: BlockType;
}

/** Reads the next instruction. Throws RangeError where none known to `instructions.ts` begins. */
export function readOperator(reader: Reader): Operator {
  const at = reader.offset;
  const first = reader.u8();
  const opcode = first >= 0xfc ? (first << 8) | reader.u32() : first;
  const instruction = instructionOf(opcode);
  if (instruction === undefined) {
    throw new RangeError(`wasm: an instruction must stand at ${at}, got 0x${opcode.toString(16)}`);
  }
  const operator = { at, opcode, instruction };
  switch (instruction.immediate) {
    case "none":
      return { ...operator, indices: [] };
    case "memory":
    case "memory-indices":
      return { ...operator, indices: [reader.u32(), reader.u32()] };
    case "memory-lane":
      return { ...operator, indices: [reader.u32(), reader.u32(), reader.u8()] };
    case "memory-index":
      return { ...operator, indices: [reader.u32()] };
    case "lane":
      return { ...operator, indices: [reader.u8()] };
    case "shuffle":
      return { ...operator, indices: [], bytes: reader.bytes(16) };
    case "special":
      return { ...operator, ...readSpecial(opcode, reader) };
  }
}

type Immediates = Pick<Operator, "indices" | "constant" | "bytes" | "block">;

function readSpecial(opcode: number, reader: Reader): Immediates {
  switch (opcode) {
    case control.block:
    case control.loop:
    case control.if: {
      const block = readBlockType(reader);
      return block === undefined ? { indices: [] } : { indices: [], block };
    }
    case control.br_table:
      return { indices: [...reader.list(() => reader.u32()), reader.u32()] };
    case control.call_indirect:
      return { indices: [reader.u32(), reader.u32()] };
    case control["i32.const"]:
      return { indices: [], constant: reader.i32() };
    case control["i64.const"]:
      return { indices: [], constant: reader.i64() };
    case control["f32.const"]:
      return float(reader, 4);
    case control["f64.const"]:
      return float(reader, 8);
    case control["v128.const"]:
      return { indices: [], bytes: reader.bytes(16) };
    default:
      return { indices: indexed.has(opcode) ? [reader.u32()] : [] };
  }
}

const indexed: ReadonlySet<number> = new Set([
  control.br,
  control.br_if,
  control.call,
  control["local.get"],
  control["local.set"],
  control["local.tee"],
  control["global.get"],
  control["global.set"],
  control["atomic.fence"],
]);

function float(reader: Reader, size: 4 | 8): Immediates {
  const bytes = reader.bytes(size);
  const copy = new Reader(bytes);
  return { indices: [], constant: size === 4 ? copy.f32() : copy.f64(), bytes };
}

function readBlockType(reader: Reader): BlockType {
  const code = reader.i32();
  if (code === -0x40) return undefined;
  return code < 0 ? typeOfCode(code & 0x7f) : code;
}
