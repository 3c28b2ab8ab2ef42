import type { DType, Expr, Program } from "@chainrule/core";
import { type CompileParts, checkParts } from "../parts.ts";
import type { Parts } from "../scalar/parts.ts";
import { type ScalarOptions, type ScalarProgram, scalarProgram } from "../scalar/scalarProgram.ts";
import { scheduleScalars } from "../scalar/schedule.ts";
import { isLiteral, type Tape } from "../scalar/tape.ts";
import { literal } from "./expressions.ts";
import {
  headerOf,
  type Member,
  needsMemory,
  type Parameter,
  parameterList,
  types,
} from "./header.ts";
import { Identifiers } from "./identifiers.ts";
import { Values } from "./values.ts";

/** Options of `toC`. */
export interface COptions extends ScalarOptions {
  /** Name of the function, and what all names of the file begin with; `program` by default. */
  readonly name?: string;
}

/** C99 of a program. */
export interface CSource {
  /** Name of the function, a valid identifier. */
  readonly name: string;
  /** Declarations: to be stored as `<name>.h`. */
  readonly header: string;
  /** Definitions: to be stored as `<name>.c`. */
  readonly source: string;
  /** Members of the structs, by the names of inputs, outputs and state. */
  readonly members: {
    readonly inputs: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, string>>;
    readonly state: Readonly<Record<string, string>>;
  };
}

/**
 * A program as a C99 function, by the same schedule and cut into the same functions as the WebAssembly of scalar programs.
 *
 * Inputs, outputs and state are members of structs that the caller owns, tensors as row-major arrays of their
 * element type; nothing is allocated and nothing is global. Each value is that of the interpreter up to the last digits of
 * the C library's functions, if the compiler keeps to IEEE 754: not with `-ffast-math`, and products are joined with sums unless
 * `-ffp-contract=off` or `-std=c99` is given.
 * Throws ArgumentError as `compile` does, and for an op that has neither a form in C nor one by other ops.
 */
export function toC(target: CompileParts | Program, options: COptions = {}): CSource {
  return new CWriter(scalarProgram(checkParts(target), options), options.name ?? "program").write();
}

class CWriter {
  readonly #program: ScalarProgram;
  readonly #name: string;
  readonly #tape: Tape;
  readonly #parts: Parts;
  readonly #values: Values;
  /** Where an input is read, by node. */
  readonly #reads = new Map<number, string>();
  /** Where a node is written to as a result, with its cast. */
  readonly #writes = new Map<number, string[]>();
  readonly #inputs: Member[] = [];
  readonly #outputs: Member[] = [];
  readonly #states: Member[] = [];
  readonly #next: Member[] = [];

  constructor(program: ScalarProgram, name: string) {
    this.#program = program;
    this.#name = new Identifiers().of(name);
    this.#tape = program.tape;
    this.#parts = scheduleScalars(program).parts;
    this.#values = new Values(this.#name);
    this.#nameMembers();
  }

  write(): CSource {
    const names = (members: readonly Member[]): Record<string, string> =>
      Object.fromEntries(members.map(({ name, elements }) => [elements.name, name]));
    // Functions first: they tell which helpers are needed.
    const parts = this.#parts.bounds.slice(1).map((_, part) => this.#part(part));
    return {
      name: this.#name,
      header: headerOf({
        name: this.#name,
        inputs: this.#inputs,
        states: this.#states,
        outputs: this.#outputs,
        next: this.#next,
        slots: this.#parts.slotCount,
        parameters: this.#parameters(),
        operations: this.#parts.order.length,
        functions: parts.length,
      }),
      source: this.#source(parts),
      members: {
        inputs: names(this.#inputs),
        outputs: names(this.#outputs),
        state: names(this.#states),
      },
    };
  }

  #nameMembers(): void {
    const { inputs, outputs, updates, order } = this.#program;
    const [ofInputs, ofStates, ofOutputs] = [
      new Identifiers(),
      new Identifiers(),
      new Identifiers(),
    ];
    inputs.forEach((elements, place) => {
      const isState = updates.has(place);
      const name = (isState ? ofStates : ofInputs).of(elements.name);
      const member: Member = { name, elements, pointer: isState ? "state" : "in" };
      (isState ? this.#states : this.#inputs).push(member);
      elements.elements.items.forEach((item, i) => {
        this.#reads.set(order.indexOf(item), elementOf(member, i));
      });
      const next = updates.get(place);
      if (next !== undefined) {
        const own = { ...member, name: `next_${name}`, pointer: "memory" } as const;
        this.#next.push(own);
        this.#results(own, next.items);
      }
    });
    for (const elements of outputs) {
      const member: Member = { name: ofOutputs.of(elements.name), elements, pointer: "out" };
      this.#outputs.push(member);
      this.#results(member, elements.elements.items);
    }
  }

  #results(member: Member, items: readonly Expr[]): void {
    items.forEach((item, i) => {
      const node = this.#program.order.indexOf(item);
      const target = `${elementOf(member, i)} = ${castTo(member.elements.node.dtype)}`;
      const known = this.#writes.get(node);
      if (known === undefined) this.#writes.set(node, [target]);
      else known.push(target);
    });
  }

  /** Parameters of the function and its parts, and what is passed on. */
  #parameters(): readonly Parameter[] {
    const name = this.#name;
    return [
      [`const struct ${name}_inputs *restrict`, "in", "what it is computed from"],
      ...(this.#states.length > 0
        ? ([[`struct ${name}_state *restrict`, "state", "read, then replaced"]] as const)
        : []),
      [`struct ${name}_outputs *restrict`, "out", "the results"],
      ...(needsMemory({ next: this.#next, slots: this.#parts.slotCount })
        ? ([
            [`struct ${name}_memory *restrict`, "memory", "to work in; need not be cleared"],
          ] as const)
        : []),
    ];
  }

  #source(parts: readonly string[]): string {
    const name = this.#name;
    const parameters = this.#parameters();
    const passed = parameters.map(([, parameter]) => parameter).join(", ");
    const copies = [...this.#writes].flatMap(([node, targets]) =>
      (this.#tape.kinds[node] as number) >= 0
        ? []
        : targets.map((target) => `  ${target}${this.#read(node)};`),
    );
    const moves = this.#next.map((member, i) => {
      const state = (this.#states[i] as Member).name;
      return `  memcpy(&state->${state}, &memory->${member.name}, sizeof state->${state});`;
    });
    const quiet = parameters.map(([, parameter]) => `  (void)${parameter};`);
    return [
      `#include "${name}.h"`,
      "",
      "#include <float.h>",
      "#include <math.h>",
      "#include <string.h>",
      "",
      "/* Functions of bounded size: compilers take time that grows faster than the length of one. */",
      "#if defined(__GNUC__)",
      `#define ${name.toUpperCase()}_PART __attribute__((noinline)) static void`,
      "#else",
      `#define ${name.toUpperCase()}_PART static void`,
      "#endif",
      "",
      ...this.#values.functions.flatMap((text) => [text, ""]),
      ...parts.flatMap((text) => [text, ""]),
      `void ${name}(${parameterList(parameters)}) {`,
      ...quiet,
      ...parts.map((_, part) => `  ${name}_part${part}(${passed});`),
      ...copies,
      ...moves,
      "}",
      "",
    ].join("\n");
  }

  #part(part: number): string {
    const { nodes, starts, args } = this.#tape;
    const { order, bounds, slots } = this.#parts;
    const parameters = this.#parameters();
    const local = new Set<number>();
    const lines: string[] = parameters.map(([, parameter]) => `  (void)${parameter};`);
    for (let time = bounds[part] as number; time < (bounds[part + 1] as number); time++) {
      const index = order[time] as number;
      const given: string[] = [];
      for (let k = starts[index] as number; k < (starts[index + 1] as number); k++) {
        const arg = args[k] as number;
        given.push(local.has(arg) ? `v${arg}` : this.#read(arg));
      }
      lines.push(`  const double v${index} = ${this.#values.of(nodes[index] as Expr, given)};`);
      local.add(index);
      const slot = slots[index] as number;
      if (slot >= 0) lines.push(`  memory->slots[${slot}] = v${index};`);
      for (const target of this.#writes.get(index) ?? []) lines.push(`  ${target}v${index};`);
    }
    const list = parameterList(parameters);
    const macro = `${this.#name.toUpperCase()}_PART`;
    return [`${macro} ${this.#name}_part${part}(${list}) {`, ...lines, "}"].join("\n");
  }

  /** A value that is not computed in the function at hand. */
  #read(index: number): string {
    const node = this.#tape.nodes[index] as Expr;
    const slot = this.#parts.slots[index] as number;
    if (slot >= 0) return `memory->slots[${slot}]`;
    if (isLiteral(node)) return literal(node.attributes["value"] as number);
    const input = this.#reads.get(index) as string;
    return node.dtype === "f64" ? input : `(double)${input}`;
  }
}

function elementOf({ name, elements, pointer }: Member, index: number): string {
  const member = `${pointer}->${name}`;
  return elements.elements.shape.length === 0 ? member : `${member}[${index}]`;
}

/** Values are doubles that the element type holds. */
function castTo(dtype: DType): string {
  return dtype === "f64" ? "" : `(${types[dtype]})`;
}
