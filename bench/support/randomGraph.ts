import { add, type Expr, mul, type Scalar, scalar, sin, sub, tanh } from "@chainrule/core";

/** A random graph of scalars. */
export interface RandomGraph {
  readonly output: Expr;
  readonly inputs: readonly Scalar[];
}

/** Numbers in [0, 1) from a seed (xorshift of 32 bits, Marsaglia 2003). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** How far back an argument may lie: graphs of programs read what they have just computed, mostly. */
const NEAR = 1000;

/**
 * A graph of so many operations: sums, differences and products of random earlier nodes, half of them among the
 * newest, and one sine or tanh in ten, which keep values within bounds. All nodes count for the output.
 */
export function randomGraph(operations: number): RandomGraph {
  const random = randomFrom(20_261_123);
  const inputs = Array.from({ length: 100 }, (_, i) => scalar(`x${i}`));
  const nodes: Scalar[] = [...inputs];
  const pick = (): Scalar => {
    const near = random() < 0.9;
    const back = Math.floor(random() * (near ? Math.min(NEAR, nodes.length) : nodes.length));
    return nodes[nodes.length - 1 - back] as Scalar;
  };
  let output: Scalar = inputs[0] as Scalar;
  const kept = 64;
  while (nodes.length < operations + inputs.length) {
    const [a, b, kind] = [pick(), pick(), random()];
    const made =
      kind < 0.3
        ? mul(0.5, add(a, b))
        : kind < 0.6
          ? mul(0.7, sub(a, b))
          : kind < 0.9
            ? mul(a, b)
            : kind < 0.95
              ? sin(a)
              : tanh(b);
    nodes.push(made);
    if (nodes.length % kept === 0) output = add(mul(0.9, output), made);
  }
  return { output: add(output, nodes[nodes.length - 1] as Scalar), inputs };
}
