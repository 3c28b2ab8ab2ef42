/** The version this code writes, and the only one it reads. */
export const VERSION = 1;

/** One node: the op's name, positions of the arguments, and the attributes if there are any. */
export type NodeJSON = readonly [string, readonly number[], { readonly [name: string]: unknown }?];

/** A graph as JSON: nodes in topological order, and the positions of the named outputs. */
export interface GraphJSON {
  readonly format: "chainrule";
  readonly version: number;
  readonly nodes: readonly NodeJSON[];
  readonly outputs: { readonly [name: string]: number };
}

/** Sub-graphs nest as loops do; deeper is no program anybody wrote. */
export const MAX_NESTING = 64;

/** The name under which a single expression is kept. */
export const SINGLE = "result";
