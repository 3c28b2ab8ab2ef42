/**
 * `count` orthonormal rows of a length ≥ count, uniform over all such: normal draws made orthogonal.
 *
 * Each row is made orthogonal twice, which keeps products near 1e-16 however close the draws were.
 * Source: Giraud, Langou & Rozložník 2005, "twice is enough".
 */
export function orthogonalRows(
  count: number,
  length: number,
  draw: () => number,
): readonly Float64Array[] {
  const rows: Float64Array[] = [];
  while (rows.length < count) {
    const row = Float64Array.from({ length }, draw);
    for (let pass = 0; pass < 2; pass++) for (const other of rows) removePart(row, other);
    const size = Math.sqrt(row.reduce((sum, item) => sum + item * item, 0));
    // A draw that lay within the rows before (probability 0) is drawn again.
    if (size > 1e-8) rows.push(row.map((item) => item / size));
  }
  return rows;
}

function removePart(row: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let i = 0; i < row.length; i++) product += (row[i] as number) * (unit[i] as number);
  for (let i = 0; i < row.length; i++) {
    row[i] = (row[i] as number) - product * (unit[i] as number);
  }
}
