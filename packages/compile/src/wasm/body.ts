import { Bytes } from "./bytes.ts";
import { control, f64x2, i8x16, i32, memory } from "./instructions.ts";
import { type FunctionType, typeCode, type ValueType } from "./types.ts";

/** A place to branch to: the depth of its block, whose first is 1. */
export type Label = number;

/** Type of a block: what it leaves on the stack, or the index of a function type for more than one value. */
export type BlockType = ValueType | number | undefined;

/**
 * The body of a function, written instruction by instruction into bytes.
 *
 * No object is made for an instruction. `op` takes codes without immediates, `memory` those that access
 * memory, `lane` those of one lane; the rest have methods of their own. Nothing is checked here:
 * `validate` checks whole modules, in tests.
 */
export class Body {
  readonly index: number;
  readonly name: string;
  readonly type: FunctionType;
  readonly #code = new Bytes();
  readonly #locals: ValueType[] = [];
  readonly #free = new Map<ValueType, number[]>();
  #depth = 0;
  #count = 0;

  constructor(index: number, name: string, type: FunctionType) {
    this.index = index;
    this.name = name;
    this.type = type;
  }

  /** Bytes of code so far. */
  get length(): number {
    return this.#code.length;
  }

  /** Instructions so far. */
  get count(): number {
    return this.#count;
  }

  /** Locals beyond the parameters. */
  get localCount(): number {
    return this.#locals.length;
  }

  /** A local of the type, one given back where there is one. Its first value is whatever it last held. */
  local(type: ValueType): number {
    const free = this.#free.get(type)?.pop();
    return free ?? this.type.params.length + this.#locals.push(type) - 1;
  }

  /** Gives a local back for other values of its type. */
  release(local: number): void {
    const type = this.#locals[local - this.type.params.length];
    if (type === undefined) return;
    const free = this.#free.get(type);
    if (free === undefined) this.#free.set(type, [local]);
    else free.push(local);
  }

  /** An instruction without immediates: `op(f64.add)`. */
  op(code: number): void {
    this.#count++;
    if (code < 0x100) {
      this.#code.u8(code);
      return;
    }
    this.#code.u8((code >> 8) & 0xff);
    this.#code.u32(code & 0xff);
  }

  /** An access to memory at the address on the stack plus `offset`; aligned naturally unless said otherwise. */
  memory(code: number, offset = 0, alignment: number = code >> 16): void {
    this.op(code & 0xffff);
    this.#code.u32(alignment);
    this.#code.u32(offset);
  }

  /** An instruction on one lane: `lane(f64x2.extract_lane, 1)`. */
  lane(code: number, lane: number): void {
    this.op(code);
    this.#code.u8(lane);
  }

  /** A load or store of one lane. */
  memoryLane(code: number, lane: number, offset = 0): void {
    this.memory(code, offset);
    this.#code.u8(lane);
  }

  /** Sixteen bytes chosen from two vectors: 0–15 the first's, 16–31 the second's. */
  shuffle(bytes: readonly number[]): void {
    this.op(i8x16.shuffle);
    for (const byte of bytes) this.#code.u8(byte);
  }

  get(local: number): void {
    this.#indexed(control["local.get"], local);
  }

  set(local: number): void {
    this.#indexed(control["local.set"], local);
  }

  tee(local: number): void {
    this.#indexed(control["local.tee"], local);
  }

  globalGet(global: number): void {
    this.#indexed(control["global.get"], global);
  }

  globalSet(global: number): void {
    this.#indexed(control["global.set"], global);
  }

  i32(value: number): void {
    this.op(control["i32.const"]);
    this.#code.i32(value);
  }

  i64(value: bigint): void {
    this.op(control["i64.const"]);
    this.#code.i64(value);
  }

  f32(value: number): void {
    this.op(control["f32.const"]);
    this.#code.f32(value);
  }

  f64(value: number): void {
    this.op(control["f64.const"]);
    this.#code.f64(value);
  }

  /** A vector of two doubles, the same twice if one is given. */
  f64x2(first: number, second: number = first): void {
    this.op(control["v128.const"]);
    this.#code.f64(first);
    this.#code.f64(second);
  }

  /** A vector of the same float four times. */
  f32x4(value: number): void {
    this.op(control["v128.const"]);
    for (let lane = 0; lane < 4; lane++) this.#code.f32(value);
  }

  /** A vector of the same integer four times. */
  i32x4(value: number): void {
    this.op(control["v128.const"]);
    for (let lane = 0; lane < 4; lane++) this.#code.word(value);
  }

  /** A vector of the same integer twice. */
  i64x2(value: bigint): void {
    this.op(control["v128.const"]);
    this.#code.doubleWord(value);
    this.#code.doubleWord(value);
  }

  /** Opens a block; a branch to it goes to its end. */
  block(type?: BlockType): Label {
    return this.#open(control.block, type);
  }

  /** Opens a loop; a branch to it goes to its start. */
  loop(type?: BlockType): Label {
    return this.#open(control.loop, type);
  }

  if(type?: BlockType): Label {
    return this.#open(control.if, type);
  }

  else(): void {
    this.op(control.else);
  }

  end(): void {
    this.#depth--;
    this.op(control.end);
  }

  br(label: Label): void {
    this.#indexed(control.br, this.#depth - label);
  }

  brIf(label: Label): void {
    this.#indexed(control.br_if, this.#depth - label);
  }

  /** Branches to the label that the integer on the stack selects, beyond the list to `otherwise`. */
  brTable(labels: readonly Label[], otherwise: Label): void {
    this.#indexed(control.br_table, labels.length);
    for (const label of labels) this.#code.u32(this.#depth - label);
    this.#code.u32(this.#depth - otherwise);
  }

  return(): void {
    this.op(control.return);
  }

  call(functionIndex: number): void {
    this.#indexed(control.call, functionIndex);
  }

  /** Calls the function of the table whose number is on the stack. */
  callIndirect(typeIndex: number, table = 0): void {
    this.#indexed(control.call_indirect, typeIndex);
    this.#code.u32(table);
  }

  drop(): void {
    this.op(control.drop);
  }

  /** The first of two values if the integer above them is not zero, else the second. */
  select(): void {
    this.op(control.select);
  }

  unreachable(): void {
    this.op(control.unreachable);
  }

  memorySize(): void {
    this.#indexed(memory.size, 0);
  }

  memoryGrow(): void {
    this.#indexed(memory.grow, 0);
  }

  /** Copies bytes; on the stack: target, source, count. */
  memoryCopy(): void {
    this.op(memory.copy);
    this.#code.u8(0);
    this.#code.u8(0);
  }

  /** Fills bytes; on the stack: target, byte, count. */
  memoryFill(): void {
    this.#indexed(memory.fill, 0);
  }

  atomicFence(): void {
    this.#indexed(control["atomic.fence"], 0);
  }

  /**
   * Runs `emit` for `index` from its present value by `step` while `index < limit` (unsigned), a loop
   * that is tested before its first round.
   */
  countedLoop(index: number, limit: number, step: number, emit: () => void): void {
    const done = this.block();
    const again = this.loop();
    this.get(index);
    this.get(limit);
    this.op(i32.ge_u);
    this.brIf(done);
    emit();
    this.get(index);
    this.i32(step);
    this.op(i32.add);
    this.set(index);
    this.br(again);
    this.end();
    this.end();
  }

  /** One lane of two doubles. */
  extract(lane: 0 | 1): void {
    this.lane(f64x2.extract_lane, lane);
  }

  /** Locals and code as the binary format has them. */
  encode(): Bytes {
    if (this.#depth !== 0) {
      throw new Error(`${this.name}: every block must end, got ${this.#depth} open`);
    }
    const body = new Bytes();
    const runs = runLengths(this.#locals);
    body.u32(runs.length);
    for (const { type, count } of runs) {
      body.u32(count);
      body.u8(typeCode[type]);
    }
    body.append(this.#code.view());
    body.u8(control.end);
    return body;
  }

  #indexed(code: number, index: number): void {
    this.op(code);
    this.#code.u32(index);
  }

  #open(code: number, type: BlockType): Label {
    this.op(code);
    if (type === undefined) this.#code.u8(0x40);
    else if (typeof type === "number") this.#code.i32(type);
    else this.#code.u8(typeCode[type]);
    return ++this.#depth;
  }
}

/** Neighbouring locals of one type are declared together. */
function runLengths(types: readonly ValueType[]): { type: ValueType; count: number }[] {
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of types) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  return runs;
}
