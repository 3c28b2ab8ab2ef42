/** Rows and columns of one matrix within a tensor's elements, as doubles. */
export function matrixAt(data: ArrayLike<number>, index: number, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => data[index * size + i] as number);
}

/** L and U of a matrix whose rows are exchanged, in one array; L has ones on its diagonal. */
export interface Lu {
  readonly factors: Float64Array;
  /** Row i of the product L U is row `rows[i]` of the matrix. */
  readonly rows: readonly number[];
  /** 1 or −1, the sign of the exchange of rows. */
  readonly sign: number;
}

/**
 * LU decomposition with partial pivoting, `P A = L U`.
 *
 * A singular matrix has a 0 on the diagonal of U, and what is divided by it is ∞ or NaN.
 * Source: Golub & Van Loan, Matrix Computations (4th ed.), algorithm 3.4.1.
 */
export function decompose(matrix: Float64Array, n: number): Lu {
  const factors = matrix.slice();
  const rows = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  const at = (i: number, j: number): number => factors[i * n + j] as number;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(i, k)) > Math.abs(at(pivot, k))) pivot = i;
    if (pivot !== k) {
      sign = -sign;
      [rows[k], rows[pivot]] = [rows[pivot] as number, rows[k] as number];
      for (let j = 0; j < n; j++) {
        [factors[k * n + j], factors[pivot * n + j]] = [at(pivot, j), at(k, j)];
      }
    }
    // The whole column is 0: nothing to eliminate.
    if (at(k, k) === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = at(i, k) / at(k, k);
      factors[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) factors[i * n + j] = at(i, j) - factor * at(k, j);
    }
  }
  return { factors, rows, sign };
}

/** Solves `A x = b` for each column of b, n rows by `columns`. */
export function solveLu({ factors, rows }: Lu, b: Float64Array, n: number): Float64Array {
  const columns = n === 0 ? 0 : b.length / n;
  const x = new Float64Array(b.length);
  const at = (i: number, j: number): number => factors[i * n + j] as number;
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < n; i++) {
      let sum = b[(rows[i] as number) * columns + c] as number;
      for (let j = 0; j < i; j++) sum -= at(i, j) * (x[j * columns + c] as number);
      x[i * columns + c] = sum;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i * columns + c] as number;
      for (let j = i + 1; j < n; j++) sum -= at(i, j) * (x[j * columns + c] as number);
      x[i * columns + c] = sum / at(i, i);
    }
  }
  return x;
}
