import {
  type DecodedBody,
  type DecodedModule,
  decodeModule,
  functionTypes,
  globalTypes,
} from "./decode.ts";
import { control } from "./instructions.ts";
import { type Operator, readOperator } from "./operator.ts";
import { Reader } from "./reader.ts";
import type { FunctionType, ValueType } from "./types.ts";

/** A module whose code does not fit its types; the message names function, place and instruction. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
}

/** A type of the stack; `unknown` below an instruction after which nothing runs. */
type Stacked = ValueType | "unknown";

interface Frame {
  readonly opcode: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly height: number;
  unreachable: boolean;
}

/**
 * Checks the types of every instruction of every function.
 *
 * Engines check modules too, but say little; this names the function and the instruction. It is meant
 * for tests. Throws ValidationError.
 * Source: WebAssembly core specification 2.0, appendix "Validation Algorithm".
 */
export function validate(bytes: Uint8Array): void {
  const module = decodeModule(bytes);
  const types = functionTypes(module);
  const imported = types.length - module.functions.length;
  if (module.bodies.length !== module.functions.length) {
    throw new ValidationError(
      `module: every function must have a body, got ${module.bodies.length} of ${module.functions.length}`,
    );
  }
  module.bodies.forEach((body, i) => {
    const index = imported + i;
    const type = types[index];
    if (type !== undefined) new FunctionValidator(module, types, index, type, body).run();
  });
}

class FunctionValidator {
  readonly #module: DecodedModule;
  readonly #types: readonly FunctionType[];
  readonly #where: string;
  readonly #locals: readonly ValueType[];
  readonly #results: readonly ValueType[];
  readonly #reader: Reader;
  readonly #stack: Stacked[] = [];
  readonly #frames: Frame[] = [];
  #operator: Operator | undefined;

  constructor(
    module: DecodedModule,
    types: readonly FunctionType[],
    index: number,
    type: FunctionType,
    body: DecodedBody,
  ) {
    this.#module = module;
    this.#types = types;
    this.#where = module.names.get(index) ?? `function ${index}`;
    this.#locals = [...type.params, ...body.locals];
    this.#results = type.results;
    this.#reader = new Reader(module.bytes, body.start, body.end);
  }

  run(): void {
    this.#open(control.block, [], this.#results);
    while (!this.#reader.done) {
      if (this.#frames.length === 0) this.#fail("nothing must follow the last end", "more code");
      const operator = readOperator(this.#reader);
      this.#operator = operator;
      if (operator.instruction.immediate === "special") this.#special(operator);
      else this.#plain(operator);
    }
    if (this.#frames.length > 0) this.#fail("every block must end", `${this.#frames.length} open`);
  }

  #plain({ instruction, indices }: Operator): void {
    const { immediate, alignment, name } = instruction;
    if (immediate.startsWith("memory")) {
      const memories = this.#module.memories.length;
      const imports = this.#module.imports.filter(({ kind }) => kind === "memory").length;
      if (memories + imports === 0) this.#fail("the module must have a memory", "none");
    }
    const claimed = indices[0] ?? 0;
    if (immediate === "memory" && name.includes("atomic") && claimed !== alignment)
      this.#fail(`alignment of an atomic access must be ${2 ** alignment}`, `${2 ** claimed}`);
    if ((immediate === "memory" || immediate === "memory-lane") && claimed > alignment)
      this.#fail(`alignment must be at most ${2 ** alignment}`, `${2 ** claimed}`);
    this.#popAll(instruction.params);
    this.#stack.push(...instruction.results);
  }

  #special(operator: Operator): void {
    const { opcode, indices } = operator;
    const first = indices[0] ?? 0;
    switch (opcode) {
      case control.nop:
      case control["atomic.fence"]:
        return;
      case control.unreachable:
        this.#unreachable();
        return;
      case control.if:
        this.#pop("i32");
        this.#block(operator);
        return;
      case control.block:
      case control.loop:
        this.#block(operator);
        return;
      case control.else: {
        const frame = this.#close();
        if (frame.opcode !== control.if) this.#fail("else must follow if", "another block");
        this.#open(control.else, frame.params, frame.results);
        return;
      }
      case control.end: {
        const frame = this.#close();
        if (frame.opcode === control.if && frame.params.join() !== frame.results.join()) {
          this.#fail("an if with results must have an else", "none");
        }
        this.#stack.push(...frame.results);
        return;
      }
      case control.br:
        this.#popAll(this.#target(first));
        this.#unreachable();
        return;
      case control.br_if:
        this.#pop("i32");
        this.#popAll(this.#target(first));
        this.#stack.push(...this.#target(first));
        return;
      case control.br_table:
        this.#pop("i32");
        for (const depth of indices) {
          const types = this.#target(depth);
          this.#popAll(types);
          this.#stack.push(...types);
        }
        this.#unreachable();
        return;
      case control.return:
        this.#popAll(this.#results);
        this.#unreachable();
        return;
      case control.call:
        this.#call(this.#known(this.#types[first], `function ${first} must exist`));
        return;
      case control.call_indirect:
        if (this.#module.tables.length === 0) this.#fail("the module must have a table", "none");
        this.#pop("i32");
        this.#call(this.#known(this.#module.types[first], `type ${first} must exist`));
        return;
      case control.drop:
        this.#pop();
        return;
      case control.select:
        this.#select();
        return;
      case control["global.get"]:
      case control["global.set"]:
        this.#global(opcode, first);
        return;
      case control["local.get"]:
      case control["local.set"]:
      case control["local.tee"]:
        this.#local(opcode, first);
        return;
      default:
        // What is left are constants, whose names begin with their type.
        this.#stack.push(operator.instruction.name.split(".")[0] as ValueType);
    }
  }

  #local(opcode: number, index: number): void {
    const type = this.#known(this.#locals[index], `local ${index} must exist`);
    if (opcode !== control["local.get"]) this.#pop(type);
    if (opcode !== control["local.set"]) this.#stack.push(type);
  }

  #global(opcode: number, index: number): void {
    const global = this.#known(globalTypes(this.#module)[index], `global ${index} must exist`);
    if (opcode === control["global.get"]) {
      this.#stack.push(global.type);
      return;
    }
    if (!global.mutable) this.#fail(`global ${index} must be mutable`, "a constant");
    this.#pop(global.type);
  }

  #select(): void {
    this.#pop("i32");
    const second = this.#pop();
    const first = this.#pop();
    if (first !== second && first !== "unknown" && second !== "unknown") {
      this.#fail("select must have values of one type", `${first} and ${second}`);
    }
    this.#stack.push(first === "unknown" ? second : first);
  }

  #call({ params, results }: FunctionType): void {
    this.#popAll(params);
    this.#stack.push(...results);
  }

  #block({ opcode, block }: Operator): void {
    if (typeof block !== "number") {
      this.#open(opcode, [], block === undefined ? [] : [block]);
      return;
    }
    const type = this.#known(this.#module.types[block], `type ${block} must exist`);
    this.#popAll(type.params);
    this.#open(opcode, type.params, type.results);
  }

  #open(opcode: number, params: readonly ValueType[], results: readonly ValueType[]): void {
    const height = this.#stack.length;
    this.#frames.push({ opcode, params, results, height, unreachable: false });
    this.#stack.push(...params);
  }

  #close(): Frame {
    const frame = this.#frame();
    this.#popAll(frame.results);
    if (this.#stack.length !== frame.height) {
      const rest = this.#stack.slice(frame.height);
      this.#fail(
        `a block must leave [${frame.results.join(", ")}]`,
        `[${rest.join(", ")}] besides`,
      );
    }
    this.#frames.pop();
    return frame;
  }

  /** What a branch to the block takes: the parameters of a loop, else the results. */
  #target(depth: number): readonly ValueType[] {
    const frame = this.#known(
      this.#frames[this.#frames.length - 1 - depth],
      `label ${depth} must exist`,
    );
    return frame.opcode === control.loop ? frame.params : frame.results;
  }

  #unreachable(): void {
    const frame = this.#frame();
    this.#stack.length = frame.height;
    frame.unreachable = true;
  }

  #frame(): Frame {
    return this.#known(this.#frames[this.#frames.length - 1], "code must stand in a block");
  }

  #popAll(types: readonly ValueType[]): void {
    for (let i = types.length - 1; i >= 0; i--) this.#pop(types[i]);
  }

  #pop(expected?: ValueType): Stacked {
    const frame = this.#frame();
    const empty = this.#stack.length === frame.height;
    if (empty && frame.unreachable) return expected ?? "unknown";
    const type = empty ? undefined : this.#stack.pop();
    if (type === undefined)
      return this.#fail(`stack must hold ${expected ?? "a value"}`, "nothing");
    if (expected !== undefined && type !== expected && type !== "unknown") {
      this.#fail(`stack must hold ${expected}`, type);
    }
    return type;
  }

  #known<T>(value: T | undefined, claim: string): T {
    return value === undefined ? this.#fail(claim, "none") : value;
  }

  #fail(claim: string, got: string): never {
    const name = this.#operator?.instruction.name ?? "start";
    const at = this.#operator?.at ?? this.#reader.offset;
    throw new ValidationError(`${this.#where}, ${name} at byte ${at}: ${claim}, got ${got}`);
  }
}
