import { ArgumentError, type Nested, ShapeError, Tensor } from "@chainrule/core";
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
  const { shape, items } = explicit(where, initial);
  if (shape.length !== parts.shape.length || shape.some((size, i) => size !== parts.shape[i])) {
    throw new ShapeError(
      `${where}: initial values must have shape [${parts.shape.join(", ")}], got [${shape.join(", ")}]`,
    );
  }
  return items;
}

function explicit(
  where: string,
  given: readonly Nested[] | Tensor,
): { shape: readonly number[]; items: Float64Array } {
  if (given instanceof Tensor) return { shape: given.shape, items: Float64Array.from(given.data) };
  const shape: number[] = [];
  let level: readonly Nested[] = given;
  for (;;) {
    shape.push(level.length / shape.reduce((product, size) => product * size, 1));
    const nested = level.filter((item): item is readonly Nested[] => Array.isArray(item));
    if (nested.length === 0) break;
    const [first] = nested;
    if (nested.length !== level.length || nested.some((row) => row.length !== first?.length)) {
      throw new ShapeError(`${where}: rows of initial values must have equal lengths`);
    }
    level = nested.flat();
  }
  return { shape, items: Float64Array.from(level, Number) };
}
