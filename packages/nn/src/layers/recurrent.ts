import {
  ArgumentError,
  concat,
  type Dim,
  DTypeError,
  describe,
  Expr,
  full,
  ShapeError,
  transpose,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import { type Layer, layer, named, type Scope } from "../model/index.ts";
import { checkOptions } from "../options/index.ts";
import { needsAxes, sizeOfAxis } from "./checks.ts";

/** A cell in use: what it makes of the inputs of all steps at once, and what one step does. */
export interface RunningCell {
  /** The part that needs no state, x [..., inputs] → [..., any]: computed for all steps together. */
  readonly project: (x: Expr) => Expr;
  /** One step: its projected input [batch, any] and the states [batch, size] to new states and an output. */
  readonly step: (
    projected: Expr,
    states: readonly Expr[],
  ) => { readonly states: readonly Expr[]; readonly output: Expr };
}

/** What a recurrent layer repeats: a recipe like a layer. */
export interface Cell {
  readonly name: string;
  /** Sizes of its states. */
  readonly states: readonly number[];
  /** What its states are called; "state", "state2" … unless given. */
  readonly stateNames?: readonly string[];
  /** Size of its output. */
  readonly outputs: number;
  readonly build: (inputs: number, scope: Scope) => RunningCell;
}

/** A sequence; with states by name, what the cell begins with instead of zeros. */
export type RecurrentInput = Expr | { readonly input: Expr; readonly [state: string]: Expr };

/** The outputs of all steps, and the states after the last by name. */
export type RecurrentOutput = { readonly output: Expr; readonly [state: string]: Expr };

/** Options of `recurrent`. */
export interface RecurrentOptions {
  /** The outputs of all steps (default), of the last alone, or of all with the states after the last. */
  readonly returns?: "sequence" | "last" | "states";
  /** Whether the steps run from the last to the first. */
  readonly reverse?: boolean;
  /** Whether reverse mode keeps about 2√n states of n, and computes the others again. */
  readonly checkpoint?: "sqrt";
}

/**
 * A cell, step by step along time: `[s_t, y_t] = cell(x_t, s_{t−1})`; the unit delay is the loop's carry.
 *
 * s_0 is 0 unless given beside the input: `{ input, state }`, for an LSTM `{ input, state, cell }`.
 * Shapes: x [batch, time, inputs], states [batch, size] → y [batch, time, units], or [batch, units] with
 * `returns: "last"`, or with "states" `{ output, state }`, which the next part of a sequence can begin with.
 */
export function recurrent(
  cell: Cell,
  options: RecurrentOptions & { readonly returns: "states" },
): Layer<RecurrentInput, RecurrentOutput>;
export function recurrent(
  cell: Cell,
  options?: RecurrentOptions & { readonly returns?: "sequence" | "last" },
): Layer<RecurrentInput>;
export function recurrent(
  cell: Cell,
  options: RecurrentOptions = {},
): Layer<RecurrentInput, Expr> | Layer<RecurrentInput, RecurrentOutput> {
  checkCell("recurrent", cell);
  checkOptions<RecurrentOptions>(cell.name, options, {
    returns: true,
    reverse: true,
    checkpoint: true,
  });
  const { returns = "sequence", reverse = false, checkpoint } = options;
  if (returns !== "sequence" && returns !== "last" && returns !== "states") {
    throw new ArgumentError(
      `${cell.name}: returns must be "sequence", "last" or "states", got ${describe(returns)}`,
    );
  }
  if (typeof reverse !== "boolean") {
    throw new ArgumentError(`${cell.name}: reverse must be a boolean, got ${describe(reverse)}`);
  }
  if (checkpoint !== undefined && checkpoint !== "sqrt") {
    throw new ArgumentError(
      `${cell.name}: checkpoint must be "sqrt" or left out, got ${describe(checkpoint)}`,
    );
  }
  checkStateNames(cell);
  return layer<RecurrentInput, never>(
    cell.name,
    (given, scope) => {
      const x = given instanceof Expr ? given : given?.input;
      if (!(x instanceof Expr)) {
        throw new ArgumentError(
          `${cell.name}: the sequence must be given as input beside the states, got ${describe(given)}`,
        );
      }
      needsAxes(cell.name, x, ["batch", "time", "inputs"]);
      const running = cell.build(sizeOfAxis(cell.name, x, -1), scope);
      const batch = x.shape[0] as Dim;
      const start = firstStates(cell, x, given instanceof Expr ? {} : given);
      const steps = transpose(running.project(x), [1, 0, 2]);
      const how = { reverse, ...(checkpoint === undefined ? {} : { checkpoint }) };
      if (returns === "last") {
        // The last output is a carry: nothing is stacked.
        const zero = full(0, [batch, cell.outputs], x.dtype);
        const advance = (carry: readonly Expr[], projected: Expr) => {
          const { states, output } = running.step(projected, carry.slice(1));
          return [[output, ...states], undefined] as const;
        };
        const [last] = scan(advance, [zero, ...start], steps, how);
        return last[0] as never;
      }
      const advance = (states: readonly Expr[], projected: Expr) => {
        const after = running.step(projected, states);
        return [after.states, after.output] as const;
      };
      const [states, outputs] = scan(advance, start, steps, how);
      const output = transpose(outputs as Expr, [1, 0, 2]);
      if (returns === "sequence") return output as never;
      const after = stateNames(cell).map((name, i) => [name, states[i] as Expr]);
      return { output, ...Object.fromEntries(after) } as never;
    },
    { units: cell.outputs },
  );
}

/** Throws ArgumentError unless this is a cell, not a layer. */
function checkCell(where: string, cell: unknown): void {
  if (typeof cell === "object" && cell !== null && "states" in cell && "outputs" in cell) return;
  throw new ArgumentError(
    `${where}: the first argument must be a cell, such as lstmCell(8), got ${describe(cell)}`,
  );
}

/** Names of a cell's states: "state", "state2" …, unless it has its own. */
function stateNames({ states, stateNames: own }: Cell): readonly string[] {
  return own ?? states.map((_, i) => (i === 0 ? "state" : `state${i + 1}`));
}

/** Throws ArgumentError unless each state has a name of its own beside the input and the output. */
function checkStateNames(cell: Cell): void {
  const names = stateNames(cell);
  const all = new Set(["input", "output", ...names]);
  if (names.length === cell.states.length && all.size === names.length + 2) return;
  throw new ArgumentError(
    `${cell.name}: stateNames must be ${cell.states.length} different names other than input and output, got ${names.join(", ")}`,
  );
}

/** The states given by name, zeros for the others. */
function firstStates(cell: Cell, x: Expr, given: Readonly<Record<string, Expr>>): readonly Expr[] {
  const names = stateNames(cell);
  const unknown = Object.keys(given).filter((name) => name !== "input" && !names.includes(name));
  if (unknown.length > 0) {
    throw new ArgumentError(
      `${cell.name}: a state must be one of ${names.join(", ")}, got ${unknown.join(", ")}`,
    );
  }
  const batch = x.shape[0] as Dim;
  return cell.states.map((size, i) => {
    const name = names[i] as string;
    const state = Object.hasOwn(given, name) ? given[name] : undefined;
    if (state === undefined) return full(0, [batch, size], x.dtype);
    if (state.shape.length !== 2 || state.shape[0] !== batch || state.shape[1] !== size) {
      throw new ShapeError(
        `${cell.name}: ${name} must have shape [${batch}, ${size}], got [${state.shape.join(", ")}]`,
      );
    }
    if (state.dtype !== x.dtype) {
      throw new DTypeError(
        `${cell.name}: ${name} must be of the input's type ${x.dtype}, got ${state.dtype}`,
      );
    }
    return state;
  });
}

/** Options of `bidirectional`. */
export interface BidirectionalOptions {
  /** The outputs of all steps (default), or of the last of either direction. */
  readonly returns?: "sequence" | "last";
  readonly checkpoint?: "sqrt";
}

/**
 * A cell from the first step to the last, another of its kind from the last to the first, their outputs side by side.
 *
 * Shapes: x [batch, time, inputs] → y [batch, time, 2 units], or [batch, 2 units] with `returns: "last"`.
 * Source: Schuster & Paliwal 1997.
 */
export function bidirectional(cell: Cell, options: BidirectionalOptions = {}): Layer {
  checkCell("bidirectional", cell);
  const { returns = "sequence", checkpoint } = options;
  if (returns !== "sequence" && returns !== "last") {
    throw new ArgumentError(
      `bidirectional: returns must be "sequence" or "last", got ${describe(returns)}`,
    );
  }
  const own = { returns, ...(checkpoint === undefined ? {} : { checkpoint }) };
  return layer(
    `bidirectional-${cell.name}`,
    (x: Expr, scope) => {
      const forward = scope.use(named("forward", recurrent(cell, own)));
      const backward = scope.use(named("backward", recurrent(cell, { ...own, reverse: true })));
      return concat([forward(x), backward(x)], -1);
    },
    { units: 2 * cell.outputs },
  );
}
