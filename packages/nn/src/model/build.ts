import { type DType, type Expr, isFloat, Program, type Shape, variable } from "@chainrule/core";
import { Building, type Used } from "./building.ts";
import { asLayer, type Flow, type LayerLike } from "./layer.ts";
import type { Kept, Registry } from "./registry.ts";
import { exprsOf } from "./scope.ts";

/** Options of `build`. */
export interface BuildOptions {
  readonly registry: Registry;
  /** Whether the graph is for training; false unless given. */
  readonly training?: boolean;
  /** Element type of parameters; that of the first input that is a float, else f64. */
  readonly dtype?: "f64" | "f32";
}

/** A layer as a graph. */
export interface Model<I extends Flow = Expr, O extends Flow = Expr> {
  readonly training: boolean;
  readonly input: I;
  readonly output: O;
  /** Parameters and state by path, in the order they were made. */
  readonly kept: ReadonlyMap<string, Kept>;
  /** What replaces each state after a step of training. */
  readonly updates: ReadonlyMap<Expr, Expr>;
  readonly taps: ReadonlyMap<string, Expr>;
  /** The path of the layer each node was built under. */
  readonly scopes: ReadonlyMap<Expr, readonly string[]>;
  /** Layers in the order they were finished: inner before outer. */
  readonly used: readonly Used[];
  /** The input all randomness comes from, where there is any. */
  readonly key: Expr | undefined;
}

/** A graph of a layer, for training or for prediction. Graphs over one registry share their parameters. */
export function build<I extends Flow, O extends Flow>(
  recipe: LayerLike<I, O>,
  input: I,
  { registry, training = false, dtype }: BuildOptions,
): Model<I, O> {
  const float = exprsOf("build", input).find((expr) => isFloat(expr.dtype));
  const own = dtype ?? (float?.dtype === "f32" ? "f32" : "f64");
  const building = new Building(registry, training, own);
  const output = building.enter("", asLayer("build", recipe), input);
  const { kept, updates, taps, scopes, used, key } = building;
  return { training, input, output, kept, updates, taps, scopes, used, key };
}

/** The program of a model: its outputs and taps by name, with the layers its nodes were built under. */
export function modelProgram(model: Model<Flow, Flow>): Program {
  const definitions = { ...Object.fromEntries(model.taps), ...namedFlow("output", model.output) };
  return new Program({ definitions, scopes: model.scopes });
}

/** Expressions by name: a single one bears `name`. */
export function namedFlow(name: string, flow: Flow): Record<string, Expr> {
  const list = exprsOf(name, flow);
  if (list[0] === flow) return { [name]: list[0] as Expr };
  const own = Array.isArray(flow) ? list.map((_, i) => `${name}${i + 1}`) : Object.keys(flow);
  return Object.fromEntries(own.map((key, i) => [key, list[i] as Expr]));
}

/** A named input of a shape. */
export function inputOf(name: string, shape: Shape, dtype: DType): Expr {
  return variable(name, shape, dtype);
}
