import type { Expr, Tensor } from "@chainrule/core";

/** What an engine is to run. */
export interface EngineParts {
  /** Inputs, state among them, by name. */
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  /** State: inputs that are replaced by an expression after every run. */
  readonly updates: ReadonlyMap<Expr, Expr>;
}

/** The tensors of one run, in the order of the parts; a scalar has shape []. */
export interface EngineTensors {
  readonly inputs: readonly Tensor[];
  /** To be written. */
  readonly outputs: readonly Tensor[];
  /** To be written: what replaces each state. No array of it is an input's. */
  readonly states: readonly Tensor[];
}

/** A program as an engine has it. */
export interface EngineProgram {
  /** What is done one after another, in the engine's words. */
  readonly steps: readonly string[];
  /** Bytes of the program as the engine takes it. */
  readonly bytes: number;
  /** Loads what is needed to run; may be called again. Rejects with what is missing. */
  ready(): Promise<void>;
  /** Runs once. When it rejects, what was to be written means nothing. */
  run(tensors: EngineTensors): Promise<void>;
  dispose(): void;
}

/**
 * What runs programs elsewhere, such as a native runtime or a graphics processor: an engine that another package
 * brings.
 */
export interface ProgramEngine {
  readonly name: string;
  /** A program for this engine. Throws ArgumentError for what it cannot run. */
  program(parts: EngineParts): EngineProgram;
}
