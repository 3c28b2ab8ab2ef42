import {
  ArgumentError,
  allocate,
  type DType,
  type Expr,
  formatShape,
  parameter,
  roundTo,
  type TypedArray,
} from "@chainrule/core";
import { type Initial, initialElements } from "../initialisers/index.ts";
import { random } from "../random/index.ts";

/** A leaf that keeps its value from step to step: a parameter, or a running statistic. */
export interface Kept {
  readonly path: string;
  readonly kind: "parameter" | "state";
  readonly node: Expr;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The elements before training. */
  readonly initial: () => TypedArray;
}

/** What a scope asks for. */
export interface Wanted {
  readonly path: string;
  readonly kind: Kept["kind"];
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly initial: Initial;
  readonly fans: { readonly fanIn: number; readonly fanOut: number };
}

/** All parameters and state of a model by path: the graphs built of it share them. */
export class Registry {
  readonly seed: number | undefined;
  readonly #kept = new Map<string, Kept>();

  constructor(seed: number | undefined) {
    this.seed = seed;
  }

  /** The leaf of a path: the one that is there, or a new one. Throws where one path is asked for in two forms. */
  keep(wanted: Wanted): Kept {
    const { path, kind, shape, dtype } = wanted;
    const known = this.#kept.get(path);
    if (known !== undefined) {
      const same = known.kind === kind && known.dtype === dtype && equal(known.shape, shape);
      if (!same) {
        throw new ArgumentError(
          `${path}: one name must stand for one ${known.kind} ${known.dtype}${formatShape(known.shape)}, got ${kind} ${dtype}${formatShape(shape)}`,
        );
      }
      return known;
    }
    let drawn: TypedArray | undefined;
    const made: Kept = {
      path,
      kind,
      shape,
      dtype,
      node: parameter(path, shape, dtype),
      initial: () => {
        drawn ??= this.#draw(wanted);
        return drawn;
      },
    };
    this.#kept.set(path, made);
    return made;
  }

  get kept(): ReadonlyMap<string, Kept> {
    return this.#kept;
  }

  #draw({ path, shape, dtype, initial, fans }: Wanted): TypedArray {
    const generator = () => {
      if (this.seed === undefined) {
        throw new ArgumentError(
          `${path}: a seed must be given, since its initial value is drawn at random, got none; write { seed: 1 }`,
        );
      }
      return random(this.seed, path);
    };
    const elements = initialElements(path, initial, { shape, ...fans, random: generator });
    const out = allocate(dtype, elements.length);
    for (let i = 0; i < out.length; i++) out[i] = roundTo(dtype, elements[i] as number);
    return out;
  }
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
