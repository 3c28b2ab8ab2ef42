import {
  ArgumentError,
  type DType,
  describe,
  Expr,
  formatShape,
  type Shape,
} from "@chainrule/core";
import type { Initial } from "../initialisers/index.ts";
import type { Building } from "./building.ts";
import { asLayer, type Flow, type LayerLike } from "./layer.ts";

/** Options of a parameter. */
export interface ParameterOptions {
  /** How many inputs a unit sums over; by default the first axis, or all but the first of a kernel. */
  readonly fanIn?: number;
  /** How many units an input reaches; by default the last axis, or all but the second of a kernel. */
  readonly fanOut?: number;
  /** Element type; that of the model unless given. */
  readonly dtype?: DType;
}

/** A running value that a layer keeps beside its parameters, without a gradient. */
export interface State {
  /** The value before this step. */
  readonly value: Expr;
  /** Says what replaces it after a step of training. */
  readonly update: (next: Expr) => void;
}

/**
 * What a layer builds under: a path, and ways to make parameters and state there.
 *
 * A scope belongs to one `use` of one layer in one graph.
 */
export class Scope {
  /** Names from the outermost in, joined by dots; empty for the whole model. */
  readonly path: string;
  /** Whether the graph is for training: dropout drops, batch norm uses the batch. */
  readonly training: boolean;
  readonly #building: Building;
  readonly #names = new Map<string, number>();

  /** @internal */
  constructor(building: Building, path: string) {
    this.#building = building;
    this.training = building.training;
    this.path = path;
  }

  /** Element type of parameters: that of the model's input. */
  get dtype(): "f64" | "f32" {
    return this.#building.dtype;
  }

  /**
   * A layer in use here, with parameters of its own under a path of its own. The function that it gives may
   * be called several times: every call shares the parameters.
   */
  use<I extends Flow, O extends Flow>(recipe: LayerLike<I, O>): (input: I) => O {
    const used = asLayer("use", recipe);
    const path = this.#below(this.#numbered(used.name));
    return (input) => this.#building.enter(path, used, input);
  }

  /**
   * A trainable leaf, `path.name`, of a shape without named sizes.
   *
   * Throws ArgumentError if the name stands for another parameter already.
   */
  parameter(name: string, shape: Shape, initial: Initial, options: ParameterOptions = {}): Expr {
    const sizes = this.#sizes(name, shape);
    const fans = { ...fansOf(sizes), ...defined(options) };
    return this.#building.keep({
      path: this.#below(name),
      kind: "parameter",
      shape: sizes,
      dtype: options.dtype ?? this.dtype,
      initial,
      fans,
    });
  }

  /** A leaf that every step of training replaces, such as a running mean. */
  state(
    name: string,
    shape: Shape,
    initial: Initial,
    options: Pick<ParameterOptions, "dtype"> = {},
  ): State {
    const sizes = this.#sizes(name, shape);
    const path = this.#below(name);
    const dtype = options.dtype ?? this.dtype;
    const fans = fansOf(sizes);
    const kind = "state" as const;
    const value = this.#building.keep({ path, kind, shape: sizes, dtype, initial, fans });
    return { value, update: (next) => this.#building.update(path, value, next) };
  }

  /** A random key, another in every step and at every call; for training only. */
  randomKey(): Expr {
    return this.#building.randomKey();
  }

  /** Makes an expression readable under a name, `path.name`, and gives it back. */
  tap<E extends Expr>(name: string, expr: E): E {
    this.#building.tap(this.#below(name), expr);
    return expr;
  }

  #below(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /** `dense`, `dense2`, `dense3` … */
  #numbered(name: string): string {
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    return count === 1 ? name : `${name}${count}`;
  }

  #sizes(name: string, shape: Shape): readonly number[] {
    const known = Array.isArray(shape) && shape.every((size) => typeof size === "number");
    if (!known) {
      throw new ArgumentError(
        `${this.#below(name)}: the sizes of a parameter must be numbers, got ${Array.isArray(shape) ? formatShape(shape) : describe(shape)}; only the batch may be named`,
      );
    }
    return shape as readonly number[];
  }
}

function defined({ fanIn, fanOut }: ParameterOptions): { fanIn?: number; fanOut?: number } {
  return {
    ...(fanIn === undefined ? {} : { fanIn }),
    ...(fanOut === undefined ? {} : { fanOut }),
  };
}

/** Of a matrix [in, out], or of a kernel [out, in, ...window]. */
function fansOf(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [first = 1, second = first, ...window] = shape;
  if (shape.length <= 2) return { fanIn: first, fanOut: second };
  const size = window.reduce((product, length) => product * length, 1);
  return { fanIn: second * size, fanOut: first * size };
}

/** The expressions of a flow, in order. */
export function exprsOf(where: string, flow: Flow): readonly Expr[] {
  const list = flow instanceof Expr ? [flow] : Object.values(flow ?? {});
  if (list.length > 0 && list.every((item) => item instanceof Expr)) return list;
  const isLayer = typeof flow === "object" && flow !== null && "build" in flow;
  const got = isLayer
    ? "a layer; the function that makes it must be called first, such as flatten()"
    : describe(list.find((item) => !(item instanceof Expr)) ?? flow);
  throw new ArgumentError(`${where}: must be given or give expressions, got ${got}`);
}
