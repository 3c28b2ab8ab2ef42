import {
  add,
  all,
  any,
  argmax,
  broadcastTo,
  cast,
  concat,
  constant,
  type Dim,
  type Expr,
  einsum,
  gather,
  greater,
  iota,
  isFloat,
  less,
  logSoftmax,
  matmul,
  mul,
  norm,
  outer,
  place,
  prod,
  reduceMin,
  segmentSum,
  sigmoid,
  slice,
  square,
  sub,
  sum,
  take,
  tanh,
  transpose,
  where,
} from "@chainrule/core";
import { call, cond, map, scan, whileLoop } from "@chainrule/core/control";
import { type Move, tensorMoves } from "../../support/randomProgram.ts";

type Suits = (node: Expr) => boolean;

function on(suits: Suits, make: (x: Expr) => Expr): Move {
  return (pick) => {
    const x = pick(suits);
    return x && make(x);
  };
}

const rank =
  (least: number, most = 4): Suits =>
  ({ shape }) =>
    shape.length >= least && shape.length <= most;
const fixed: Suits = ({ shape }) => shape.every((dim) => typeof dim === "number");
const floating: Suits = ({ dtype }) => isFloat(dtype);
const both =
  (...all_: Suits[]): Suits =>
  (node) =>
    all_.every((suits) => suits(node));
const lengthOf = ({ shape }: Expr, axis: number): Dim => shape.at(axis) as Dim;
const longerThan =
  (least: number, axis: number): Suits =>
  ({ shape }) =>
    typeof shape.at(axis) === "number" && (shape.at(axis) as number) > least;

/** A small loop body: bounded whatever it is given. */
const settle = (c: Expr, x: Expr): Expr => tanh(add(mul(0.5, c), x));

/** All that tensors are moved, reduced, chosen and looped by, beside `tensorMoves`. */
export const moves: readonly Move[] = [
  ...tensorMoves,
  on(rank(1), (x) => sum(x, 0)),
  on(rank(2), (x) => sum(x, [0, -1], { keepDims: true })),
  on(rank(3), (x) => sum(x, 1)),
  on(rank(1), (x) => reduceMin(x, 0)),
  on(rank(1, 3), (x) => prod(tanh(x), -1)),
  on(both(rank(1), floating), (x) => cast(any(greater(x, 0.5), -1), x.dtype)),
  on(both(rank(1), floating), (x) => where(all(less(x, 0.9), 0), x, square(x))),
  on(both(rank(1), floating), (x) => cast(argmax(x, -1), x.dtype)),
  on(rank(1), (x) => logSoftmax(x)),
  on(both(rank(1, 2), floating), (x) => norm(add(1, square(x)), -1)),
  on(both(rank(1, 2), fixed), (x) => outer(x, x)),
  on(rank(1, 3), (x) => transpose(broadcastTo(x, [2, ...x.shape]))),
  on(longerThan(1, -1), (x) => slice(x, -1, (lengthOf(x, -1) as number) - 1, 0, -1)),
  on(both(rank(1), longerThan(0, -1)), (x) =>
    place(x, -1, 2 * (lengthOf(x, -1) as number) + 1, 1, 2),
  ),
  on(both(rank(1), longerThan(0, 0)), (x) => take(x, constant([0, 0], "i32"), 0)),
  on(both(rank(1, 1), longerThan(1, 0)), (x) => segmentSum(x, constant(ids(x), "i32"), 2)),
  on(both(rank(1, 2), longerThan(1, -1)), (x) =>
    gather(x, broadcastTo(constant([1, 0, 1], "i32"), [...x.shape.slice(0, -1), 3]), -1),
  ),
  on(rank(1), (x) => mul(x, cast(iota(lengthOf(x, -1)), x.dtype))),
  on(both(rank(2, 2), fixed), (x) => einsum("ij,kj->ik", x, x)),
  on(rank(2, 2), (x) => matmul(transpose(x), x)),
  on(rank(3, 3), (x) => sum(matmul(transpose(x, [0, 2, 1]), x), 0)),
  on(both(rank(1, 3), floating), (x) => map((row) => mul(sigmoid(row), sum(row)), x)),
  on(both(rank(1, 2), floating), (x) => {
    const start = mul(0, sum(x, 0));
    const [last, rows] = scan(
      (c, u) => [settle(c as Expr, u as Expr), sub(c as Expr, u as Expr)],
      start,
      x,
    );
    return concat_(last as Expr, rows as Expr);
  }),
  on(both(rank(1, 2), floating), (x) => {
    const start = mul(0, sum(x, 0));
    const [last] = scan((c, u) => [settle(c as Expr, u as Expr), undefined], start, x, {
      reverse: true,
    });
    return last as Expr;
  }),
  on(both(rank(0, 2), floating), (x) => {
    const [, out] = whileLoop(
      ([k]) => less(k as Expr, 3),
      ([k, c]) => [add(k as Expr, 1), settle(c as Expr, x)],
      [constant(0, "i32"), x],
      { maxTrips: 5 },
    );
    return out as Expr;
  }),
  on(
    both(rank(0, 2), floating),
    (x) =>
      cond(
        greater(sum(x), 0),
        (a) => square(a as Expr),
        (a) => tanh(a as Expr),
        [x],
      ) as Expr,
  ),
  on(rank(0, 2), (x) => call((a, b) => mul(tanh(a as Expr), b as Expr), [x, x]) as Expr),
];

function ids({ shape }: Expr): number[] {
  return Array.from({ length: shape[0] as number }, (_, i) => i % 2);
}

/** The last state beside the sum of all rows. */
function concat_(last: Expr, rows: Expr): Expr {
  const total = sum(rows, 0);
  return last.shape.length === 0 ? add(last, total) : concat([last, total], 0);
}
