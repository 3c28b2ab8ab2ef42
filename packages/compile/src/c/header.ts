import type { DType } from "@chainrule/core";
import type { NamedElements } from "../scalar/scalarProgram.ts";
import { commentText } from "./identifiers.ts";

/** C's names of the element types. */
export const types: Readonly<Record<DType, string>> = {
  f64: "double",
  f32: "float",
  i32: "int32_t",
  bool: "bool",
};

/** A member of a struct. */
export interface Member {
  readonly name: string;
  readonly elements: NamedElements;
  readonly pointer: "in" | "out" | "state" | "memory";
}

/** A parameter of the function: its type, its name, and what it is for. */
export type Parameter = readonly [type: string, name: string, what: string];

/** What a header declares. */
export interface Declarations {
  /** Name of the function, and what all names begin with. */
  readonly name: string;
  readonly inputs: readonly Member[];
  readonly states: readonly Member[];
  readonly outputs: readonly Member[];
  /** New values of state. */
  readonly next: readonly Member[];
  /** Values between functions. */
  readonly slots: number;
  readonly parameters: readonly Parameter[];
  readonly operations: number;
  readonly functions: number;
}

/** Whether the function is given memory to work in. */
export function needsMemory({ next, slots }: Pick<Declarations, "next" | "slots">): boolean {
  return next.length > 0 || slots > 0;
}

/** The parameters as a declaration lists them. */
export function parameterList(parameters: readonly Parameter[]): string {
  return parameters.map(([type, name]) => `${type} ${name}`).join(", ");
}

/** The header file. */
export function headerOf(declarations: Declarations): string {
  const { name, inputs, states, outputs, next, slots, parameters } = declarations;
  const { operations, functions } = declarations;
  const guard = `${name.toUpperCase()}_H`;
  const struct = (kind: string, members: readonly Member[], more?: readonly string[]): string[] =>
    structOf(`${name}_${kind}`, members, more);
  return [
    `#ifndef ${guard}`,
    `#define ${guard}`,
    "",
    "#include <stdbool.h>",
    "#include <stdint.h>",
    "",
    "#ifdef __cplusplus",
    "#define restrict __restrict",
    'extern "C" {',
    "#endif",
    "",
    ...struct("inputs", inputs),
    ...(states.length > 0 ? struct("state", states) : []),
    ...struct("outputs", outputs),
    ...(needsMemory(declarations)
      ? struct("memory", next, slots > 0 ? [`  double slots[${slots}];`] : [])
      : []),
    "/**",
    ` * ${plural(operations, "operation")} in ${plural(functions, "function")}, made by chainrule.`,
    " *",
    ...parameters.map(([, parameter, what]) => ` * ${parameter}: ${what}.`),
    " * The structs must not overlap. Allocates nothing; may run in several threads on structs of their own.",
    " */",
    `void ${name}(${parameterList(parameters)});`,
    "",
    "#ifdef __cplusplus",
    "}",
    "#undef restrict",
    "#endif",
    "",
    "#endif",
    "",
  ].join("\n");
}

function structOf(
  name: string,
  members: readonly Member[],
  more: readonly string[] = [],
): string[] {
  const lines = members.map(({ name: member, elements }) => {
    const { shape } = elements.elements;
    const type = types[elements.node.dtype];
    const count = shape.reduce((a, b) => a * b, 1);
    const array = shape.length === 0 ? "" : `[${Math.max(count, 1)}]`;
    const axes = shape.length === 0 ? "" : ` [${shape.join(", ")}]`;
    const told = `${commentText(elements.name)}${axes}`;
    return `  ${type} ${member}${array};${told === member ? "" : ` /* ${told} */`}`;
  });
  const all = [...lines, ...more];
  // A struct of C has at least one member.
  if (all.length === 0) all.push("  char unused;");
  return [`struct ${name} {`, ...all, "};", ""];
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
