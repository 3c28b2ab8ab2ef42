import { type Expr, Program } from "@chainrule/core";

/** What a standalone source is made of. */
export interface SourceParts {
  readonly inputs: ReadonlyMap<string, Expr>;
  readonly outputs: ReadonlyMap<string, Expr>;
  /** State by name, and its next value. */
  readonly updates: ReadonlyMap<string, readonly [state: Expr, next: Expr]>;
}

/** Inputs, definitions and state of a program. A result without a name is called `result`. */
export function sourceParts(program: Program | Expr): SourceParts {
  const whole =
    program instanceof Program ? program : new Program({ definitions: { result: program } });
  const definitions = Object.entries(whole.definitions);
  const outputs = new Map(
    definitions.length > 0 ? definitions : [["result", whole.result] as [string, Expr]],
  );
  const updates = new Map<string, readonly [Expr, Expr]>();
  for (const [state, next] of whole.updates) {
    updates.set(whole.nameOf(state) ?? "state", [state, next]);
  }
  return { inputs: new Map(Object.entries(whole.variables)), outputs, updates };
}

/** Gives texts identifiers, each its own: other signs become `_`. */
export class Identifiers {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  of(text: string): string {
    const plain = text.replace(/'/g, "_prime").replace(/[^A-Za-z0-9_]+/g, "_");
    const base = /^[A-Za-z]/.test(plain) ? plain : `v${plain}`;
    let name = base;
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`;
    this.#taken.add(name);
    return name;
  }
}

/** A text inside of a comment, on one line, that cannot end it. */
export function commentText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").replace(/[*\\"]/g, "_");
}
