import {
  ArgumentError,
  describe,
  fromNested,
  type Nested,
  ShapeError,
  Tensor,
} from "@chainrule/core";
import type { Random } from "../random/index.ts";

/** What an initial value may depend on. */
export interface InitialiserParts {
  readonly shape: readonly number[];
  /** How many inputs each unit sums over, and how many units each input reaches. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** The generator of this parameter alone, keyed by the seed and the parameter's path. */
  readonly random: () => Random;
}

/** The elements of a parameter before training, row-major. */
export type Initialiser = (parts: InitialiserParts) => ArrayLike<number>;

/** An initialiser; or a number for every element; or the values themselves. */
export type Initial = Initialiser | Nested | Tensor;

/** The elements an initialiser gives. Throws ShapeError where explicit values do not fit the shape. */
export function initialElements(
  where: string,
  initial: Initial,
  parts: InitialiserParts,
): Float64Array {
  const count = parts.shape.reduce((product, size) => product * size, 1);
  if (typeof initial === "number" || typeof initial === "boolean") {
    return new Float64Array(count).fill(Number(initial));
  }
  if (typeof initial === "function") {
    const drawn = Float64Array.from(initial(parts));
    if (drawn.length !== count) {
      throw new ArgumentError(
        `${where}: an initialiser must give ${count} elements for shape [${parts.shape.join(", ")}], got ${drawn.length}`,
      );
    }
    return drawn;
  }
  if (!(initial instanceof Tensor || Array.isArray(initial))) {
    throw new ArgumentError(
      `${where}: an initial value must be an initialiser, a number or the values, got ${describe(initial)}`,
    );
  }
  const given = initial instanceof Tensor ? initial : fromNested(where, initial, "f64");
  if (`${given.shape}` !== `${parts.shape}`) {
    throw new ShapeError(
      `${where}: initial values must have shape [${parts.shape.join(", ")}], got [${given.shape.join(", ")}]`,
    );
  }
  return Float64Array.from(given.data);
}
