import { addTo, dot } from "./vectors.ts";

/** A step s, how the gradient changed along it, y, and `1 / sᵀy`. */
interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/** Pairs with less curvature would make the direction huge or point uphill. Source: PyTorch. */
const LEAST_CURVATURE = 1e-10;

/** The last steps, which stand for the inverse Hessian. */
export class Curvature {
  readonly #limit: number;
  readonly #pairs: Pair[] = [];
  /** The inverse Hessian that the pairs correct is this times the identity. */
  #scale = 1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Remembers a step if the gradient grew along it. */
  add(s: Float64Array, y: Float64Array): void {
    const curvature = dot(s, y);
    if (!(curvature > LEAST_CURVATURE)) return;
    if (this.#pairs.length === this.#limit) this.#pairs.shift();
    this.#pairs.push({ s, y, rho: 1 / curvature });
    this.#scale = curvature / dot(y, y);
  }

  /** Forgets everything: the next direction is the steepest descent. */
  clear(): void {
    this.#pairs.length = 0;
    this.#scale = 1;
  }

  /** Whether nothing is known. */
  get empty(): boolean {
    return this.#pairs.length === 0;
  }

  /** `−H g` by the two loops. Source: Nocedal & Wright, "Numerical optimization", algorithm 7.4. */
  direction(gradient: Float64Array): Float64Array {
    const q = gradient.map((g) => -g);
    const shares: number[] = [];
    for (const { s, y, rho } of this.#pairs.toReversed()) {
      const share = rho * dot(s, q);
      shares.push(share);
      addTo(q, -share, y);
    }
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * this.#scale;
    for (const { s, y, rho } of this.#pairs) {
      addTo(q, (shares.pop() as number) - rho * dot(y, q), s);
    }
    return q;
  }
}
