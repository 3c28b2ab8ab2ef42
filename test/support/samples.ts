import {
  add,
  all,
  any,
  argmax,
  argmin,
  broadcastTo,
  cast,
  concat,
  constant,
  cumulativeSum,
  type Expr,
  einsum,
  exp,
  flip,
  gather,
  grad,
  greater,
  iota,
  less,
  logSoftmax,
  logSumExp,
  matmul,
  mean,
  mul,
  norm,
  oneHot,
  outer,
  pad,
  place,
  prod,
  prodExcept,
  reduceMax,
  reduceMin,
  reshape,
  scatterAdd,
  segmentSum,
  slice,
  softmax,
  square,
  stack,
  sum,
  take,
  transpose,
  variable,
} from "@chainrule/core";
import { call, cond, customDerivative, map, scan, whileLoop } from "@chainrule/core/control";
import {
  averagePool1d,
  averagePool2d,
  conv1d,
  conv2d,
  convTranspose2d,
  maxPool1d,
  maxPool2d,
  maxPoolSelect,
} from "@chainrule/core/conv";
import {
  cholesky,
  determinant,
  eye,
  inverse,
  logDet,
  signDet,
  solve,
  triangularSolve,
} from "@chainrule/core/linear";
import {
  randomBits,
  randomKey,
  randomNormal,
  randomUniform,
  threefry,
} from "@chainrule/core/random";

const x = (...shape: (number | string)[]): Expr => variable("x", shape);
const y = (...shape: (number | string)[]): Expr => variable("y", shape);
const indices = (nested: number[] | number[][]): Expr => constant(nested, "i32");

/** A matrix far from singular wherever x is of ordinary size (|x| ≤ 4). */
const regular = (n: number): Expr => add(mul(0.1, x(n, n)), mul(2, eye(n)));

/** A positive definite matrix for every x. */
const definite = (...shape: (number | string)[]): Expr => {
  const given = x(...shape);
  const order = shape.map((_, i) => i);
  order.splice(-2, 2, shape.length - 1, shape.length - 2);
  return add(matmul(given, transpose(given, order)), eye(shape.at(-2) as number));
};

/**
 * Expressions for each op that is not elementwise, by its name: in variables x and y of floating type,
 * which may be of any size of ordinary numbers, with "batch" for a named size. Elements of one
 * variable must differ (ties are kinks of the extrema and of max pooling).
 */
export const samples: Readonly<Record<string, readonly (() => Expr)[]>> = {
  all: [() => all(x(2, 3), 1)],
  any: [() => any(x(2, 3), 0)],
  argmax: [() => argmax(x(2, 3))],
  argmin: [() => argmin(x("batch", 3), 1, { keepDims: true })],
  averagePool: [
    () => averagePool1d(square(x("batch", 2, 5)), 2),
    () => averagePool2d(x(1, 2, 3, 4), [2, 3], { stride: 1, padding: 1, countPadding: false }),
  ],
  averagePoolSpread: [
    () => grad(sum(square(averagePool1d(x(2, 1, 5), 3, { stride: 1, padding: 1 }))), x(2, 1, 5)),
  ],
  broadcastTo: [
    () => broadcastTo(x(2, 1), [3, 2, 4]),
    () => broadcastTo(x("batch", 1), ["batch", 2]),
  ],
  call: [() => call((a, b) => mul(exp(a), sum(b)), [x(), y(2)]), () => call(square, [x(2)], "sq")],
  callItems: [() => add(...(call((a, b) => [mul(a, b), exp(b)], [x(2), y(2)]) as [Expr, Expr]))],
  cast: [() => cast(x(2), "f64")],
  cholesky: [() => cholesky(definite(3, 3)), () => cholesky(definite("batch", 2, 3))],
  concat: [
    () => concat([x(2, 3), y(1, 3), x(2, 3)]),
    () => concat([x("batch", 2), y("batch", 1)], 1),
  ],
  cond: [
    () =>
      cond(
        greater(sum(x(2)), 0),
        (a) => square(a),
        (a) => mul(exp(a), sum(y(2))),
        [x(2)],
      ),
    () =>
      cond(
        constant(0, "bool"),
        () => x(),
        () => mul(x(), y()),
      ),
  ],
  convolution: [
    () => conv1d(x("batch", 2, 4), y(3, 2, 2), { padding: 1 }),
    () => conv2d(x(1, 2, 4, 4), y(4, 1, 2, 3), { stride: 2, padding: "same", groups: 2 }),
    () => conv2d(x(1, 1, 5, 4), y(1, 1, 2, 2), { dilation: [2, 1] }),
  ],
  convolutionInput: [
    () => convTranspose2d(x(1, 2, 2, 3), y(2, 1, 2, 2), { stride: 2, outputPadding: [1, 0] }),
  ],
  convolutionKernel: [
    () => grad(sum(square(conv1d(x(2, 1, 4), y(2, 1, 2), { stride: 2 }))), y(2, 1, 2)),
  ],
  customDerivative: [
    () =>
      customDerivative((a) => exp(a), { vjp: (_args, out, adjoint) => [mul(adjoint, out)] })(x()),
  ],
  cumulativeSum: [
    () => cumulativeSum(x(2, 3)),
    () => cumulativeSum(x("batch", 2), 0, { reverse: true }),
  ],
  determinant: [
    () => determinant(x(2, 2)),
    () => determinant(x(2, 3, 3)),
    () => determinant(regular(4)),
  ],
  einsum: [
    () => einsum("ij,jk->ki", x(2, 3), y(3, 2)),
    () => einsum("bhqd,bhkd->bhqk", x("batch", 2, 3, 2), y("batch", 2, 2, 2)),
    () => einsum("ii,ij->j", x(3, 3), x(3, 3)),
    () => einsum("ij,k,jl->i", x(2, 3), y(2), transpose(square(x(2, 3)))),
    () => einsum("...ij->...", x(2, 3, 2)),
  ],
  gather: [
    () =>
      gather(
        x(2, 3),
        indices([
          [2, 0, 2, 1],
          [1, 1, 0, 0],
        ]),
      ),
  ],
  inverse: [() => inverse(regular(3))],
  iota: [() => iota(4), () => mul(iota("batch"), x("batch"))],
  logDet: [() => logDet(regular(3)), () => logDet(definite("batch", 2, 2))],
  logSoftmax: [() => logSoftmax(x("batch", 3)), () => logSoftmax(x(2, 3), [0, 1])],
  logSumExp: [
    () => logSumExp(x(2, 3), 1),
    () => logSumExp(x("batch", 3), [0, 1], { keepDims: true }),
  ],
  map: [
    () => map((row) => mul(sum(square(row)), row), x("batch", 3)),
    () =>
      sum(
        map(([a, b]) => outer(a, b), [x(2, 3), y(3, 2)], { axis: [0, 1] }),
        0,
      ),
  ],
  matmul: [
    () => matmul(x(2, 3), y(3, 2)),
    () => matmul(x("batch", 2, 3), y(3)),
    () => matmul(x(2, 1, 2, 2), y(3, 2, 1)),
  ],
  maxPool: [
    () => maxPool1d(x("batch", 2, 5), 2),
    () => maxPool2d(x(1, 2, 4, 4), [2, 3], { stride: 1, padding: 1 }),
  ],
  maxPoolSelect: [
    () => maxPoolSelect(x(2, 1, 6), y(2, 1, 6), maxPool1d(x(2, 1, 6), 3, { stride: 2 }).attributes),
  ],
  maxPoolSpread: [() => grad(sum(square(maxPool1d(x(1, 1, 6), 3, { stride: 1 }))), x(1, 1, 6))],
  mean: [() => mean(x(2, 3)), () => mean(x("batch", 3), 0)],
  norm: [() => norm(x(2, 3), 1), () => norm(x("batch", 2))],
  oneHot: [() => mul(oneHot(indices([2, 0]), 3), x(3))],
  outer: [() => outer(x(2), y(2, 2))],
  place: [() => place(x(2, 2), 1, 5, 4, -3), () => pad(x("batch", 2), [0, [1, 2]], 3)],
  prod: [() => prod(x(2, 3), 1), () => prod(x("batch", 2)), () => prod(x(2, 2, 2), [0, 2])],
  prodExcept: [() => prodExcept(x(2, 3), 1)],
  randomBits: [() => randomBits(randomKey(1), [2, 3])],
  randomUniform: [
    () => mul(randomUniform(randomKey(1), ["batch", 2]), x("batch", 2)),
    () => randomNormal(randomKey(2), [2, 3], { mean: x(3), deviation: exp(y()) }),
  ],
  reduceMax: [() => reduceMax(x(2, 3), 1), () => reduceMax(x("batch", 2))],
  reduceMin: [() => reduceMin(x(2, 3), 0, { keepDims: true })],
  reshape: [() => reshape(x(2, 3), [3, -1]), () => reshape(x("batch", 2, 2), ["batch", 4])],
  scan: [
    () => scan((c, u) => [mul(add(c, u), y()), c], 0, x("batch"))[1],
    () => scan((c) => [square(matmul(x(2, 2), c)), undefined], y(2), undefined, { length: 2 })[0],
    () => scan((c, u) => [mul(c, u), undefined], y(), x(5), { checkpoint: "sqrt" })[0],
  ],
  scatterAdd: [
    () =>
      scatterAdd(
        x(2, 3),
        indices([
          [0, 0],
          [2, 1],
        ]),
        y(2, 2),
      ),
  ],
  segmentSum: [() => segmentSum(x(4, 2), indices([1, 0, 1, 3]), 4)],
  signDet: [() => mul(signDet(regular(2)), y(2))],
  slice: [
    () => slice(x(2, 5), 1, 4, 0, -2),
    () => slice(x("batch", 2), 0, -2),
    () => flip(x("batch", 3)),
  ],
  softmax: [() => softmax(x("batch", 3)), () => softmax(x(2, 3), [0, 1])],
  solve: [() => solve(regular(3), y(3)), () => solve(regular(2), y("batch", 2, 2))],
  stack: [() => stack([x(2), y(2), x(2)], 1), () => stack([x(), y(), 3])],
  sum: [() => sum(x(2, 3), 0), () => sum(x("batch", 2), [0, 1], { keepDims: true })],
  take: [
    () =>
      take(
        x(3, 2),
        indices([
          [2, 0],
          [2, 2],
        ]),
      ),
    () => take(x("batch", 3), indices([1]), 1),
  ],
  threefry: [
    () =>
      threefry(
        randomKey(3),
        indices([
          [0, 0],
          [1, 0],
        ]),
      ),
  ],
  transpose: [() => transpose(x("batch", 2, 3), [2, 0, 1])],
  triangularSolve: [
    () => triangularSolve(regular(3), y(3, 2)),
    () => triangularSolve(regular(2), y(2), { upper: true, transposed: true }),
  ],
  whileLoop: [
    () =>
      whileLoop(
        (c) => less(sum(square(c)), 20),
        (c) => mul(c, add(exp(y()), 1)),
        x(2),
        { maxTrips: 4 },
      ),
  ],
};
