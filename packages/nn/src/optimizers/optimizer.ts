import type { Expr, Shape } from "@chainrule/core";
import type { HostInput, Schedule } from "../schedules/schedule.ts";

/** One state tensor an optimizer keeps for a parameter, such as a running mean of its gradients. */
export interface Slot {
  /** The parameter's own shape when not given. */
  readonly shape?: Shape;
  /** The value of every element before the first step. */
  readonly initial: number;
}

/** Everything an update is made of, as graph. */
export interface UpdateParts<S extends string = string> {
  readonly parameter: Expr;
  /** Of the parameter's shape and type. */
  readonly gradient: Expr;
  /** The state tensors, of the parameter's type, by name. */
  readonly slots: Readonly<Record<S, Expr>>;
  /** Number of updates made before this one: an f64 scalar, 0 in the first step. */
  readonly step: Expr;
  /** The learning rate of this step: a scalar of the parameter's type. */
  readonly rate: Expr;
}

/** The parameter and its state after a step. */
export interface Update<S extends string = string> {
  readonly next: Expr;
  readonly slots: Readonly<Record<S, Expr>>;
}

/** A rule that moves a parameter against its gradient: a plain object whose update is a graph. */
export interface Optimizer<S extends string = string> {
  readonly name: string;
  /** The learning rate, or how it depends on the step. */
  readonly rate: number | Schedule;
  /** Inputs that the host drives; those of the rate when not given. */
  readonly hosts?: readonly HostInput[];
  /** What it was made with, for summaries and checkpoints. */
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  readonly slots: (parameter: Expr) => Readonly<Record<S, Slot>>;
  readonly update: (parts: UpdateParts<S>) => Update<S>;
}
