import { type Dim, type Expr, full, ShapeError, transpose } from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import { type Layer, layer, type Scope } from "../model/index.ts";
import { sizeOfAxis } from "./checks.ts";

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
  /** Size of its output. */
  readonly outputs: number;
  readonly build: (inputs: number, scope: Scope) => RunningCell;
}

/** Options of `recurrent`. */
export interface RecurrentOptions {
  /** The outputs of all steps (default), or of the last alone. */
  readonly returns?: "sequence" | "last";
  /** Whether the steps run from the last to the first. */
  readonly reverse?: boolean;
  /** Whether reverse mode keeps about 2√n states of n, and computes the others again. */
  readonly checkpoint?: "sqrt";
}

/**
 * A cell, step by step along time: `[s_t, y_t] = cell(x_t, s_{t−1})`, `s_0 = 0`; the unit delay is the loop's carry.
 *
 * Shapes: x [batch, time, inputs] → y [batch, time, units], or [batch, units] with `returns: "last"`.
 */
export function recurrent(cell: Cell, options: RecurrentOptions = {}): Layer {
  const { returns = "sequence", reverse = false, checkpoint } = options;
  return layer(
    cell.name,
    (x: Expr, scope) => {
      if (x.shape.length !== 3) {
        throw new ShapeError(
          `${cell.name}: the input must have 3 axes [batch, time, inputs], got [${x.shape.join(", ")}]`,
        );
      }
      const running = cell.build(sizeOfAxis(cell.name, x, -1), scope);
      const batch = x.shape[0] as Dim;
      const start = cell.states.map((size) => full(0, [batch, size], x.dtype));
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
        return last[0] as Expr;
      }
      const advance = (states: readonly Expr[], projected: Expr) => {
        const after = running.step(projected, states);
        return [after.states, after.output] as const;
      };
      const [, outputs] = scan(advance, start, steps, how);
      return transpose(outputs as Expr, [1, 0, 2]);
    },
    { units: cell.outputs },
  );
}
