import {
  ArgumentError,
  type Dim,
  describe,
  type Expr,
  grad,
  isFloat,
  mul,
  pick,
  sum,
  Tensor,
  type TypedArray,
} from "@chainrule/core";
import { namedFlow } from "../model/index.ts";
import { type Examples, fixedRunner, inputTable, type Trainer } from "../train/index.ts";
import { unitAxis } from "./unitAxis.ts";

/** How an output is traced to the input. */
export type AttributionMethod = "gradient" | "gradientTimesInput" | "integrated";

/** Options of `attribute`. */
export interface AttributeOptions {
  /** Which element of the output's last axis is explained; 0 unless given. */
  readonly target?: number;
  /** `integrated` unless given. */
  readonly method?: AttributionMethod;
  /** Points on the way from the baseline of integrated gradients; 64 unless given. */
  readonly steps?: number;
  /** What counts as nothing: the value of every input element; 0 unless given. */
  readonly baseline?: number;
}

/** How much every element of the inputs speaks for an output. */
export interface Attribution {
  /** Of the inputs' shape. */
  readonly values: Tensor;
  /** The explained output, row by row. */
  readonly outputs: Float64Array;
  /**
   * Integrated gradients add up to the difference of outputs at input and baseline: the largest distance from it over
   * the rows, relative to the largest difference. Absent for other methods, which promise no such thing.
   */
  readonly gap?: number;
}

/**
 * What in the input made an output: its gradient, gradient × input, or integrated gradients.
 *
 * Integrated gradients are the mean gradient on the straight way from the baseline, by the midpoint rule, times the
 * way. Throws ArgumentError for a model of several inputs, or a target that is none.
 * Source: Simonyan et al. 2014; Sundararajan, Taly & Yan 2017.
 */
export function attribute<M extends string>(
  t: Trainer<M>,
  inputs: Examples["inputs"],
  options: AttributeOptions = {},
): Attribution {
  const { method = "integrated", steps = 64, baseline = 0 } = options;
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new ArgumentError(`attribute: steps must be a whole number ≥ 1, got ${describe(steps)}`);
  }
  const input = floatInput("attribute", t);
  const x = inputTable("attribute", t.graph.inputs, inputs).tensors["input"] as Tensor;
  const output = chosen(t, options.target ?? 0);
  const axes = output.shape.map((_, axis) => axis).slice(1);
  const rows = axes.length === 0 ? output : sum(output, axes);
  const run = fixedRunner(t, { rows, gradient: grad(sum(output), input) });
  const at = (point: Tensor): { readonly rows: Tensor; readonly gradient: Tensor } =>
    run({ input: point }) as never;
  const here = at(x);
  const outputs = Float64Array.from(here.rows.data);
  const data = x.data.map(() => 0) as TypedArray;
  const values = new Tensor(x.shape, data, x.dtype);
  if (method === "gradient") return { values: here.gradient, outputs };
  if (method === "gradientTimesInput") {
    for (let i = 0; i < data.length; i++) {
      data[i] = (x.data[i] as number) * (here.gradient.data[i] as number);
    }
    return { values, outputs };
  }
  if (method !== "integrated") {
    throw new ArgumentError(
      `attribute: method must be "gradient", "gradientTimesInput" or "integrated", got ${describe(method)}`,
    );
  }
  const point = new Tensor(x.shape, x.data.slice() as TypedArray, x.dtype);
  for (let step = 0; step < steps; step++) {
    const share = (step + 0.5) / steps;
    for (let i = 0; i < data.length; i++) {
      point.data[i] = baseline + share * ((x.data[i] as number) - baseline);
    }
    const { gradient } = at(point);
    for (let i = 0; i < data.length; i++) {
      const way = (x.data[i] as number) - baseline;
      data[i] = (data[i] as number) + ((gradient.data[i] as number) * way) / steps;
    }
  }
  point.data.fill(baseline);
  return { values, outputs, gap: gapOf(values, outputs, at(point).rows) };
}

function chosen<M extends string>(t: Trainer<M>, target: number): Expr {
  const [output] = Object.values(namedFlow("output", t.model.output));
  const last = output?.shape.at(-1) as Dim;
  const rank = output?.shape.length ?? 0;
  if (output === undefined || rank < 2) return output as Expr;
  if (!Number.isSafeInteger(target) || target < 0 || target >= Number(last)) {
    throw new ArgumentError(
      `attribute: the target must be one of ${last} outputs, from 0, got ${describe(target)}`,
    );
  }
  return pick(output, -1, target);
}

function gapOf(values: Tensor, outputs: Float64Array, base: Tensor): number {
  const width = values.data.length / outputs.length;
  let largest = 0;
  let gap = 0;
  for (let row = 0; row < outputs.length; row++) {
    let total = 0;
    for (let i = 0; i < width; i++) total += values.data[row * width + i] as number;
    const difference = (outputs[row] as number) - (base.data[row] as number);
    largest = Math.max(largest, Math.abs(difference));
    gap = Math.max(gap, Math.abs(total - difference));
  }
  return largest === 0 ? gap : gap / largest;
}

/** Options of `excite`. */
export interface ExciteOptions {
  /** The path of a layer, such as `conv2d`; the output unless given. */
  readonly layer?: string;
  /** Which unit: a channel of images and of convolved signals, else an element of the last axis. */
  readonly unit: number;
  /** Where to begin, one example. */
  readonly start: Tensor;
  /** Steps of ascent; 100 unless given. */
  readonly steps?: number;
  /** Length of a step, as a share of the radius; 0.1 unless given. */
  readonly rate?: number;
  /** The length that the input keeps, √elements unless given: a unit could be excited without end by louder inputs. */
  readonly radius?: number;
}

/** The input that excites a unit most, found by ascent on a sphere. */
export interface Excitation {
  readonly input: Tensor;
  /** The unit's mean value at the start and at the end. */
  readonly before: number;
  readonly after: number;
}

/**
 * What a unit looks for: gradient ascent on the input, whose length is kept.
 *
 * Throws ArgumentError for an unknown layer or unit. Source: Erhan, Bengio, Courville & Vincent 2009.
 */
export function excite<M extends string>(t: Trainer<M>, options: ExciteOptions): Excitation {
  const { steps = 100, rate = 0.1, unit } = options;
  const input = floatInput("excite", t);
  const value = unitValue(t, options.layer, unit);
  const run = fixedRunner(t, { value, gradient: grad(value, input) });
  const x = inputTable("excite", t.graph.inputs, options.start).tensors["input"] as Tensor;
  const data = x.data.slice() as TypedArray;
  const point = new Tensor(x.shape, data, x.dtype);
  const radius = options.radius ?? Math.sqrt(data.length);
  rescale(data, radius);
  let before: number | undefined;
  for (let step = 0; step < steps; step++) {
    const found = run({ input: point });
    before ??= found["value"] as number;
    const slope = (found["gradient"] as Tensor).data;
    const length = lengthOf(slope);
    if (length === 0) break;
    for (let i = 0; i < data.length; i++) {
      data[i] = (data[i] as number) + (rate * radius * (slope[i] as number)) / length;
    }
    rescale(data, radius);
  }
  const after = run({ input: point })["value"] as number;
  return { input: point, before: before ?? after, after };
}

function unitValue<M extends string>(t: Trainer<M>, path: string | undefined, unit: number): Expr {
  const [plain] = Object.values(namedFlow("output", t.model.output));
  const used = t.model.used.find((one) => one.path === path);
  const output = path === undefined ? plain : used?.outputs[0];
  if (output === undefined) {
    const known = t.model.used.map((one) => one.path).filter((one) => one !== "");
    throw new ArgumentError(
      `excite: the layer must be one of ${known.slice(0, 20).join(", ")}, got ${describe(path)}`,
    );
  }
  const axis = unitAxis(output);
  const size = output.shape[axis];
  if (!Number.isSafeInteger(unit) || unit < 0 || unit >= Number(size)) {
    throw new ArgumentError(
      `excite: the unit must be one of ${size}, from 0, got ${describe(unit)}`,
    );
  }
  const own = pick(output, axis, unit);
  const places = own.shape.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1);
  return mul(sum(own), 1 / places);
}

function rescale(data: TypedArray, radius: number): void {
  const length = lengthOf(data);
  if (length === 0) return;
  const factor = radius / length;
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * factor;
}

/** The input of a model. Throws ArgumentError for several, and for indices, which have no derivative. */
function floatInput<M extends string>(where: string, t: Trainer<M>): Expr {
  const { input } = t.graph.inputs;
  if (input === undefined) {
    throw new ArgumentError(`${where}: the model must have one input, got several`);
  }
  if (isFloat(input.dtype)) return input;
  throw new ArgumentError(
    `${where}: the input must be f64 or f32, got indices of ${input.dtype}; give a model of what the embedding gives`,
  );
}

function lengthOf(data: TypedArray): number {
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i] as number) ** 2;
  return Math.sqrt(squares);
}
