import {
  add,
  apply,
  broadcastTo,
  concat,
  cumulativeSum,
  type DType,
  type Expr,
  evaluate,
  flip,
  greater,
  type Interval,
  isFloat,
  logSumExp,
  matmul,
  mean,
  mul,
  type Op,
  reduceMax,
  reshape,
  slice,
  softmax,
  stack,
  sum,
  tanh,
  transpose,
  type Value,
  variable,
  where,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import fc from "fast-check";
import { elementsOf, valueLike } from "./points.ts";

/** A program, and values at which every op is inside of its domain. */
export interface RandomProgram {
  readonly output: Expr;
  readonly inputs: readonly Expr[];
  readonly values: ReadonlyMap<Expr, Value>;
}

/** What random programs are made of. */
export interface ProgramOptions {
  /** Elementwise ops to take from; by default all that have a derivative. */
  readonly ops?: readonly Op[];
  /** Ops on whole tensors to take from; none makes a program of scalars. */
  readonly moves?: readonly Move[];
  /** Most steps. */
  readonly size?: number;
  /** Element type of the inputs. */
  readonly dtype?: DType;
  /** Whether a leading axis is the named size "batch". */
  readonly named?: boolean;
}

/** A node from some that there are; `undefined` where they do not fit. */
export type Move = (
  pick: (suits?: (node: Expr) => boolean) => Expr | undefined,
) => Expr | undefined;

/** Inside `make`, a node that suits, or nothing. */
function on(suits: (node: Expr) => boolean, make: (x: Expr) => Expr): Move {
  return (pick) => {
    const x = pick(suits);
    return x && make(x);
  };
}

const rankAtLeast =
  (rank: number) =>
  ({ shape }: Expr): boolean =>
    shape.length >= rank;

const fixed = ({ shape }: Expr): boolean =>
  shape.length > 0 && shape.every((dim) => typeof dim === "number");

const sameShapes = (a: Expr, b: Expr): boolean => a.shape.join() === b.shape.join();

/** Reductions, movement, contraction, selection. */
export const tensorMoves: readonly Move[] = [
  on(rankAtLeast(1), (x) => sum(x)),
  on(rankAtLeast(1), (x) => sum(x, -1)),
  on(rankAtLeast(1), (x) => mean(x, 0, { keepDims: true })),
  on(rankAtLeast(1), (x) => reduceMax(x, -1)),
  on(rankAtLeast(1), (x) => logSumExp(x, -1)),
  on(rankAtLeast(1), (x) => softmax(x)),
  on(rankAtLeast(1), (x) => cumulativeSum(x)),
  on(rankAtLeast(2), (x) => transpose(x)),
  on(rankAtLeast(1), (x) => flip(x, -1)),
  on(rankAtLeast(1), (x) => broadcastTo(x, [2, ...x.shape])),
  on(fixed, (x) => reshape(x, [-1])),
  on(
    ({ shape }) => typeof shape.at(-1) === "number" && (shape.at(-1) as number) > 1,
    (x) => slice(x, -1, 1),
  ),
  (pick) => {
    const a = pick(rankAtLeast(1));
    const b = a && pick((node) => sameShapes(node, a));
    return a && b && stack([a, b]);
  },
  (pick) => {
    const a = pick(fixed);
    const b = a && pick((node) => sameShapes(node, a));
    return a && b && concat([a, b], 0);
  },
  (pick) => {
    const a = pick(rankAtLeast(1));
    const b = a && pick(({ shape }) => shape.length === 2 && shape[0] === a.shape.at(-1));
    return a && b && matmul(a, b);
  },
  (pick) => {
    const a = pick(rankAtLeast(1));
    const b = a && pick((node) => sameShapes(node, a));
    return a && b && where(greater(a, 0.2), b, mul(a, b));
  },
];

/** Elementwise ops with a derivative by each argument that is no condition. */
export const smoothOps: readonly Op[] = allOps.filter(
  ({ elementwise, name }) =>
    elementwise?.partials.some((partial) => partial !== null) === true && name !== "mask",
);

type Choice = readonly [number, number, number, number];

/** Random programs of mixed ops and shapes: scalars, vectors, matrices that meet by broadcasting. */
export function randomProgram(options: ProgramOptions = {}): fc.Arbitrary<RandomProgram> {
  const { size = 10 } = options;
  const number = fc.nat({ max: 0xffff });
  const choice: fc.Arbitrary<Choice> = fc.tuple(number, number, number, number);
  return fc
    .tuple(fc.array(choice, { minLength: 1, maxLength: size }), fc.nat({ max: 1000 }))
    .map(([choices, seed]) => build(choices, seed, options));
}

/** The program that the choices describe: the same choices make the same nodes. */
function build(choices: readonly Choice[], seed: number, options: ProgramOptions): RandomProgram {
  const { ops = smoothOps, moves = tensorMoves, dtype = "f64", named = false } = options;
  const lead = named ? "batch" : 2;
  const shapes = moves.length === 0 ? [[], [], []] : [[], [], [3], [lead, 3], [3, 2]];
  const inputs = shapes.map((shape, i) => variable(`x_${i + 1}`, shape, dtype));
  const values = new Map(inputs.map((input, i) => [input, valueLike(input, seed + i)]));
  const nodes: Expr[] = [...inputs];
  for (const [kind, ...picks] of choices) {
    let turn = 0;
    const pick = (suits: (node: Expr) => boolean = () => true): Expr | undefined => {
      // The newest nodes are near the start, so that programs grow deep as well as wide.
      const candidates = nodes.filter(suits).reverse();
      return candidates[(picks[turn++ % picks.length] as number) % Math.max(1, candidates.length)];
    };
    const count = ops.length + moves.length;
    const at = kind % count;
    const move = moves[at - ops.length];
    const made = move === undefined ? applied(ops[at] as Op, pick, values) : move(pick);
    if (made !== undefined) nodes.push(made);
  }
  return { output: nodes.at(-1) as Expr, inputs, values };
}

function applied(
  op: Op,
  pick: (suits?: (node: Expr) => boolean) => Expr | undefined,
  values: ReadonlyMap<Expr, Value>,
): Expr {
  const args: Expr[] = [];
  for (const range of op.domain ?? []) {
    const arg = pick((node) => args.every((other) => broadcasts(node, other))) as Expr;
    args.push(inside(arg, range, values));
  }
  return apply(op, args);
}

function broadcasts(a: Expr, b: Expr): boolean {
  const rank = Math.min(a.shape.length, b.shape.length);
  for (let i = 1; i <= rank; i++) {
    const [x, y] = [a.shape.at(-i), b.shape.at(-i)];
    if (x !== y && x !== 1 && y !== 1) return false;
  }
  return true;
}

/** The argument if its value lies in the range, else drawn into it by a tanh. */
function inside(arg: Expr, range: Interval, values: ReadonlyMap<Expr, Value>): Expr {
  const { low, high, integer } = range;
  if (integer === true) return greater(arg, 0);
  const value = elementsOf(evaluate(arg, values));
  if (isFloat(arg.dtype) && value.every((item) => item >= low && item <= high)) return arg;
  return add((low + high) / 2, mul((high - low) / 2, tanh(mul(0.4, arg))));
}
