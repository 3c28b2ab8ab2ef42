import type { Initialiser, InitialiserParts } from "./initialiser.ts";
import { orthogonalRows } from "./orthogonalRows.ts";

/** `U(−r, r)`, `r = √(6 / (fanIn + fanOut))`. Source: Glorot & Bengio 2010. */
export function glorotUniform({ gain = 1 }: { readonly gain?: number } = {}): Initialiser {
  return (parts) => uniformWithin(gain * Math.sqrt(6 / (parts.fanIn + parts.fanOut)), parts);
}

/** `N(0, 2 / (fanIn + fanOut))`. Source: Glorot & Bengio 2010. */
export function glorotNormal({ gain = 1 }: { readonly gain?: number } = {}): Initialiser {
  return (parts) => normalWith(gain * Math.sqrt(2 / (parts.fanIn + parts.fanOut)), parts);
}

/** `U(−r, r)`, `r = √(6 / fanIn)`, for rectifiers. Source: He et al. 2015. */
export function heUniform(): Initialiser {
  return (parts) => uniformWithin(Math.sqrt(6 / parts.fanIn), parts);
}

/** `N(0, 2 / fanIn)`, for rectifiers. Source: He et al. 2015. */
export function heNormal(): Initialiser {
  return (parts) => normalWith(Math.sqrt(2 / parts.fanIn), parts);
}

/** `U(−r, r)`, `r = √(3 / fanIn)`. Source: LeCun et al. 1998, "Efficient BackProp". */
export function lecunUniform(): Initialiser {
  return (parts) => uniformWithin(Math.sqrt(3 / parts.fanIn), parts);
}

/** `N(0, 1 / fanIn)`. Source: LeCun et al. 1998, "Efficient BackProp". */
export function lecunNormal(): Initialiser {
  return (parts) => normalWith(Math.sqrt(1 / parts.fanIn), parts);
}

/** `U(−range, range)`: small random weights, as the lecture begins; 0.5 by default. */
export function smallUniform(range = 0.5): Initialiser {
  return (parts) => uniformWithin(range, parts);
}

/** `U(low, high)`. */
export function uniform(low: number, high: number): Initialiser {
  return (parts) => draw(parts, (random) => low + (high - low) * random.uniform());
}

/** `N(mean, deviation²)`. */
export function normal({
  mean = 0,
  deviation = 1,
}: {
  readonly mean?: number;
  readonly deviation?: number;
} = {}): Initialiser {
  return (parts) => draw(parts, (random) => mean + deviation * random.normal());
}

/**
 * Rows or columns, whichever are fewer, of length `gain` and at right angles; axes but the first are one.
 *
 * Source: Saxe, McClelland & Ganguli 2014.
 */
export function orthogonal({ gain = 1 }: { readonly gain?: number } = {}): Initialiser {
  return ({ shape, random }) => {
    const [first = 1, ...rest] = shape;
    const columns = rest.reduce((product, size) => product * size, 1);
    const generator = random();
    const rows = orthogonalRows(Math.min(first, columns), Math.max(first, columns), () =>
      generator.normal(),
    );
    const at = (i: number, j: number): number =>
      first <= columns ? (rows[i]?.[j] as number) : (rows[j]?.[i] as number);
    return Float64Array.from(
      { length: first * columns },
      (_, k) => gain * at(Math.floor(k / columns), k % columns),
    );
  };
}

/** The same number everywhere. */
export function constantInitial(value: number): Initialiser {
  return (parts) => new Float64Array(countOf(parts)).fill(value);
}

function countOf({ shape }: InitialiserParts): number {
  return shape.reduce((product, size) => product * size, 1);
}

function draw(
  parts: InitialiserParts,
  one: (random: ReturnType<InitialiserParts["random"]>) => number,
): Float64Array {
  const random = parts.random();
  return Float64Array.from({ length: countOf(parts) }, () => one(random));
}

function uniformWithin(range: number, parts: InitialiserParts): Float64Array {
  return draw(parts, (random) => range * (2 * random.uniform() - 1));
}

function normalWith(deviation: number, parts: InitialiserParts): Float64Array {
  return draw(parts, (random) => deviation * random.normal());
}
