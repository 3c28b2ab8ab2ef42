import type { Moment } from "./Recorder.ts";
import type { OwnPoint } from "./trainingSettings.ts";

/** Loss and accuracy over points; NaN where there is none, as for regression. */
export interface Measure {
  readonly loss: number;
  readonly accuracy: number;
}

/** A parameter in the list of all weights. */
export interface Place {
  readonly path: string;
  readonly shape: readonly number[];
  /** Where its numbers begin. */
  readonly start: number;
}

/** What stays the same while a session trains. */
export interface SessionFacts {
  readonly training: readonly OwnPoint[];
  readonly validation: readonly OwnPoint[];
  /** 0 for regression. */
  readonly classes: number;
  /** Numbers of the field for each place: shares of classes, one of two classes; or the output. */
  readonly depth: number;
  readonly places: readonly Place[];
}

/** What a hidden unit suffers from. */
export type Ailment = "dead" | "saturated";

/** A parameter's size and gradient, as root mean squares. */
export interface GradientBar {
  readonly path: string;
  readonly size: number;
  readonly gradient: number;
}

/** What is looked at less often than the field. */
export interface FrameDetail {
  /** What features and hidden layers give over the field, layer by layer, [UNIT_FIELD², units] each. */
  readonly seen: readonly Float32Array[];
  /** All weights of the network shown, in the order of `places`. */
  readonly weights: readonly number[];
  readonly gradients: readonly GradientBar[];
  /** Of each hidden layer, what its units suffer from. */
  readonly ailments: readonly (readonly (Ailment | undefined)[])[];
  /** What is conspicuous, and what to try. */
  readonly sentences: readonly string[];
  readonly moments: readonly Moment[];
}

/** What there is to see of a session at one time. */
export interface Frame {
  readonly epoch: number;
  /** Examples trained on so far, by all members. */
  readonly examples: number;
  readonly training: Measure;
  readonly validation: Measure;
  /** The whole committee, where there are several members. */
  readonly committee?: { readonly training: number; readonly validation: number } | undefined;
  /** What is decided over the square, row by row from the top, `depth` numbers a place. */
  readonly field: Float32Array;
  readonly detail?: FrameDetail | undefined;
  /** Why training has ended, if it has. */
  readonly stopped?: string | undefined;
}
