import type { Expr } from "../expr.ts";
import type { Named } from "../program.ts";

/** What is known before a text is read. */
export interface Known {
  /** Nodes that names of the text stand for. */
  readonly variables: Named;
  /** Names of functions without a body. */
  readonly functions: readonly string[];
  /** Expressions put into the text, by the places where their holes start. */
  readonly holes: ReadonlyMap<number, Expr>;
}
