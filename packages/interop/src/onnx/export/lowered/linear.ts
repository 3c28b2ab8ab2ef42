import {
  abs,
  add,
  all,
  argmax,
  cast,
  constant,
  type Dim,
  type DType,
  div,
  type Expr,
  equal,
  expandDims,
  full,
  greater,
  greaterEqual,
  iota,
  log,
  logicalAnd,
  matmul,
  moveAxis,
  mul,
  notEqual,
  prod,
  sign,
  sqrt,
  squeeze,
  sub,
  sum,
  where,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import { lowerTriangle, upperTriangle } from "@chainrule/core/linear";

/*
 * Linear algebra, of which ONNX has none, as loops over the rows of stacks of matrices. As the definitions,
 * in double precision and rounded once.
 */

/** Argument i in double precision. */
function double({ args }: Expr, i: number): Expr {
  return inType(args[i] as Expr, "f64");
}

function inType(x: Expr, dtype: DType): Expr {
  return x.dtype === dtype ? x : cast(x, dtype);
}

const sizeOf = (a: Expr): Dim => a.shape.at(-1) as Dim;

/** The numbers 0, 1, … of the rows, as a column [n, 1]. */
function rowNumbers(n: Dim): Expr {
  return expandDims(iota(n), 1);
}

/** Row k of [..., n, m], kept as [..., 1, m]. Other rows take no part, not even where they are infinite. */
function rowAt(x: Expr, k: Expr): Expr {
  return sum(where(equal(rowNumbers(x.shape.at(-2) as Dim), k), x, 0), -2, { keepDims: true });
}

/** Column k of [..., n, m], kept as [..., n, 1]. */
function columnAt(x: Expr, k: Expr): Expr {
  return sum(where(equal(iota(sizeOf(x)), k), x, 0), -1, { keepDims: true });
}

/** Substitution row by row; rows that are not solved yet count as 0. */
function substituted(a: Expr, b: Expr, upper: boolean): Expr {
  const n = sizeOf(a);
  const triangle = upper ? upperTriangle(a) : lowerTriangle(a);
  const [x] = scan(
    (solved: Expr, k: Expr) => {
      const row = rowAt(triangle, k);
      const rest = sub(rowAt(b, k), matmul(row, solved));
      const value = div(rest, columnAt(row, k));
      return [where(equal(rowNumbers(n), k), value, solved), undefined] as const;
    },
    full(0, b.shape, "f64"),
    iota(n),
    { reverse: upper },
  );
  return x;
}

const swapped = (a: Expr): Expr => moveAxis(a, -1, -2);

/** `triangularSolve`. A transposed upper triangle is a lower one. */
export function triangularSolve(node: Expr): Expr {
  const { upper, transposed } = node.attributes;
  const a = double(node, 0);
  const x = substituted(
    transposed === true ? swapped(a) : a,
    double(node, 1),
    (upper === true) !== (transposed === true),
  );
  return inType(x, node.dtype);
}

/** `cholesky`: column by column, each taken away from the rest as its outer product with itself. */
export function cholesky(node: Expr): Expr {
  const a = double(node, 0);
  const n = sizeOf(a);
  const symmetric = mul(add(a, swapped(a)), 0.5);
  const [, columns] = scan(
    (rest: Expr, k: Expr) => {
      const column = columnAt(rest, k);
      const pivot = rowAt(column, k);
      const below = greaterEqual(rowNumbers(n), k);
      // No root of what is not above 0: NaN from here on.
      const root = sqrt(where(greater(pivot, 0), pivot, Number.NaN));
      const l = where(below, div(column, root), 0);
      return [sub(rest, matmul(l, swapped(l))), l] as const;
    },
    symmetric,
    iota(n),
  );
  // [n, ..., n, 1], one column a step, to the columns of matrices.
  const l = moveAxis(squeeze(columns, -1), 0, -1);
  const definite = all(equal(l, l), [-2, -1], { keepDims: true });
  return inType(where(definite, l, Number.NaN), node.dtype);
}

interface Eliminated {
  /** Upper triangles; what is below the diagonal is 0. */
  readonly u: Expr;
  /** The right sides after the same steps. */
  readonly b: Expr;
  /** The diagonals, [n, ...]. */
  readonly pivots: Expr;
  /** 1 or −1 for the exchanges of rows, [...]. */
  readonly sign: Expr;
}

/** Gaussian elimination with partial pivoting; a column of zeros is left as it is. */
function eliminated(a: Expr, b: Expr): Eliminated {
  const n = sizeOf(a);
  const lead = a.shape.slice(0, -2);
  const rows = rowNumbers(n);
  const [[u, right, exchange], pivots] = scan(
    ([rest, side, parity]: readonly Expr[], k: Expr) => {
      const [matrix, sides] = [rest as Expr, side as Expr];
      const column = columnAt(matrix, k);
      const candidates = where(greaterEqual(rows, k), abs(column), -1);
      const chosen = argmax(candidates, -2, { keepDims: true });
      const exchanged = (x: Expr): Expr => {
        const at = (row: Expr): Expr => sum(where(equal(rows, row), x, 0), -2, { keepDims: true });
        return where(equal(rows, k), at(chosen), where(equal(rows, chosen), at(k), x));
      };
      const [upper, given] = [exchanged(matrix), exchanged(sides)];
      const below = columnAt(upper, k);
      const pivot = rowAt(below, k);
      const taken = logicalAnd(greater(rows, k), notEqual(pivot, 0));
      const factors = where(taken, div(below, where(equal(pivot, 0), 1, pivot)), 0);
      const cleared = where(
        logicalAnd(greater(rows, k), equal(iota(n), k)),
        0,
        sub(upper, matmul(factors, rowAt(upper, k))),
      );
      const same = squeeze(squeeze(equal(chosen, k), -1), -1);
      const next = [
        cleared,
        sub(given, matmul(factors, rowAt(given, k))),
        mul(parity as Expr, where(same, constant(1, "f64"), -1)),
      ];
      return [next, squeeze(squeeze(pivot, -1), -1)] as const;
    },
    [a, b, full(1, lead, "f64")],
    iota(n),
  );
  return { u: u as Expr, b: right as Expr, pivots, sign: exchange as Expr };
}

/** `solve` */
export function solve(node: Expr): Expr {
  const { u, b } = eliminated(double(node, 0), double(node, 1));
  return inType(substituted(u, b, true), node.dtype);
}

/** One measure of a stack of matrices, from the pivots and the sign of their elimination. */
function measured(node: Expr, measure: (pivots: Expr, sign: Expr) => Expr): Expr {
  const a = double(node, 0);
  const none = full(0, [...a.shape.slice(0, -1), 1], "f64");
  const { pivots, sign: exchange } = eliminated(a, none);
  return inType(measure(pivots, exchange), node.dtype);
}

/** `determinant` */
export function determinant(node: Expr): Expr {
  return measured(node, (pivots, exchange) => mul(exchange, prod(pivots, 0)));
}

/** `logDet` */
export function logDet(node: Expr): Expr {
  return measured(node, (pivots) => sum(log(abs(pivots)), 0));
}

/** `signDet` */
export function signDet(node: Expr): Expr {
  return measured(node, (pivots, exchange) => mul(exchange, prod(sign(pivots), 0)));
}
