import type { Expr } from "@chainrule/core";

/** Two ends of an interval. */
export type Interval = readonly [number, number];

/** A function of one variable, its derivative, and its tangent at a point. */
export interface FunctionFigure {
  readonly kind: "function";
  readonly f: Expr;
  /** The variable along the axis; needed where f has several. */
  readonly by?: Expr;
  /** df/dby where the caller has it already; `false` draws none; by default `grad` builds it. */
  readonly derivative?: Expr | false;
  readonly tangentAt?: number;
  readonly domain?: Interval;
  /** Heights shown; by default those the function takes, without its poles. */
  readonly range?: Interval;
  /** Values of the other variables. */
  readonly values?: Readonly<Record<string, number>>;
  readonly name?: string;
}

/** A function of two variables by its level lines and its gradients as arrows. */
export interface FieldFigure {
  readonly kind: "field";
  readonly f: Expr;
  readonly by: readonly [Expr, Expr];
  /** Both partial derivatives where the caller has them already; `false` draws no arrows. */
  readonly gradient?: readonly [Expr, Expr] | false;
  /** By default -3 … 3 for both. */
  readonly domain?: readonly [Interval, Interval];
  readonly values?: Readonly<Record<string, number>>;
}

/** Losses by epoch. */
export interface LossFigure {
  readonly kind: "loss";
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Powers of ten at equal distances; what is not positive leaves a gap. */
  readonly logarithmic?: boolean;
  /** Name of the axis below; by default "epoch". */
  readonly by?: string;
  /** What the heights are; by default "loss". */
  readonly name?: string;
}

/** An activation function and its derivative. */
export interface ActivationFigure {
  readonly kind: "activation";
  readonly activation: "sigmoid" | "tanh" | "relu" | "leakyRelu" | "softmax";
  /** Slope of Leaky ReLU left of 0; by default 0.01. */
  readonly alpha?: number;
  readonly domain?: Interval;
  readonly tangentAt?: number;
}

/** What `plot` draws. */
export type Figure = FunctionFigure | FieldFigure | LossFigure | ActivationFigure;
