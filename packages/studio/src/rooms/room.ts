import type { Expr, Nested, Program } from "@chainrule/core";
import type { Signal } from "@preact/signals";
import type { ComponentType } from "preact";

/** What a room hands to the export menu: formulas with the numbers they are shown at. */
export interface Exported {
  /** Short name, of which the names of files are made. */
  readonly name: string;
  readonly expr: Expr;
  /** The same with its definitions, where there are any. */
  readonly program?: Program;
  readonly values: Readonly<Record<string, Nested>>;
  /** The variable of the derivation; the first one unless given. */
  readonly wrt?: string;
}

/** What a permalink's state came to: the state, and a sentence for each thing that was wrong. */
export interface ReadState<State> {
  readonly state: State;
  readonly notes: readonly string[];
}

/** One room of the studio, wholly described by a plain JSON state: a permalink is room and state. */
export interface Room<State> {
  readonly initial: State;
  /** The state of a permalink; never throws: what is wrong is replaced and named. */
  read(json: unknown): ReadState<State>;
  /** Draws the room; it writes `state`, and the shell watches it for the permalink. */
  readonly View: ComponentType<{ readonly state: Signal<State> }>;
  /** What the export menu writes, asked for when it opens; undefined: nothing to write. */
  exported(state: State): Exported | undefined;
}
