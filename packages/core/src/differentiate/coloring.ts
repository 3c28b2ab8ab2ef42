/** A sparse pattern by rows: the columns of row i are `columns[rows[i] … rows[i + 1]]`, ascending. */
export interface Pattern {
  readonly shape: readonly [number, number];
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** Vertices in groups: a color each, and how many there are. */
export interface Coloring {
  readonly colors: Int32Array;
  readonly count: number;
}

/** The pattern of lists of ascending columns. */
export function patternOf(lists: readonly Int32Array[], width: number): Pattern {
  const rows = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) rows[i + 1] = (rows[i] as number) + list.length;
  const columns = new Int32Array(rows[lists.length] as number);
  for (const [i, list] of lists.entries()) columns.set(list, rows[i]);
  return { shape: [lists.length, width], rows, columns };
}

/** Rows and columns exchanged. */
export function transposed({ shape: [height, width], rows, columns }: Pattern): Pattern {
  const starts = new Int32Array(width + 1);
  for (const column of columns) (starts[column + 1] as number)++;
  for (let j = 0; j < width; j++) (starts[j + 1] as number) += starts[j] as number;
  const next = starts.slice();
  const out = new Int32Array(columns.length);
  for (let i = 0; i < height; i++) {
    for (let k = rows[i] as number; k < (rows[i + 1] as number); k++) {
      const column = columns[k] as number;
      out[next[column] as number] = i;
      (next[column] as number)++;
    }
  }
  return { shape: [width, height], rows: starts, columns: out };
}

/** Number of entries of a row. */
export function rowLength({ rows }: Pattern, i: number): number {
  return (rows[i + 1] as number) - (rows[i] as number);
}

/** The columns of a row. */
export function rowOf({ rows, columns }: Pattern, i: number): Int32Array {
  return columns.subarray(rows[i], rows[i + 1]);
}

/** Indices by descending weight: vertices with many neighbours first. Ties keep their order. */
function largestFirst(count: number, weight: (i: number) => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  return order.sort((a, b) => weight(b) - weight(a) || a - b);
}

/**
 * Colors of columns such that no row, of those not left out, has two columns of one color: one
 * direction a color then shows every entry by itself.
 *
 * Source: Gebremedhin, Manne & Pothen, "What color is your Jacobian?", SIAM Review 47 (2005),
 * partial distance-2 coloring, algorithm 3.2, largest first.
 */
export function colorColumns(pattern: Pattern, leftOut: ReadonlySet<number>): Coloring {
  const byColumn = transposed(pattern);
  const [width] = byColumn.shape;
  const colors = new Int32Array(width).fill(-1);
  // forbidden[c] = j + 1 while column j may not take color c.
  const forbidden = new Int32Array(width + 1);
  let count = 0;
  for (const j of largestFirst(width, (column) => rowLength(byColumn, column))) {
    let needed = false;
    for (const i of rowOf(byColumn, j)) {
      if (leftOut.has(i)) continue;
      needed = true;
      for (const other of rowOf(pattern, i)) {
        const color = colors[other] as number;
        if (color >= 0) forbidden[color] = j + 1;
      }
    }
    if (!needed) continue;
    let color = 0;
    while (forbidden[color] === j + 1) color++;
    colors[j] = color;
    count = Math.max(count, color + 1);
  }
  return { colors, count };
}

/**
 * Colors of the vertices of a symmetric pattern such that neighbours differ and every path of four
 * vertices has three colors: each entry, or its mirror image, then stands by itself.
 *
 * Source: Gebremedhin, Manne & Pothen 2005, star coloring, section 4.3; Coleman & Moré, "Estimation
 * of sparse Hessian matrices and graph coloring problems", 1984.
 */
export function colorStars(pattern: Pattern): Coloring {
  const [size] = pattern.shape;
  const colors = new Int32Array(size).fill(-1);
  // How many neighbours of each color a vertex has.
  const around = Array.from({ length: size }, () => new Map<number, number>());
  // Colors of those neighbours of a vertex that see its color twice: no third may join them.
  const busy = Array.from({ length: size }, () => new Set<number>());
  const forbidden = new Int32Array(size + 1);
  let count = 0;
  const neighbours = (v: number): number[] => [...rowOf(pattern, v)].filter((w) => w !== v);
  for (const v of largestFirst(size, (vertex) => rowLength(pattern, vertex))) {
    const own = around[v] as Map<number, number>;
    const near = neighbours(v);
    for (const w of near) {
      const color = colors[w] as number;
      if (color < 0) continue;
      forbidden[color] = v + 1;
      for (const taken of busy[w] as Set<number>) forbidden[taken] = v + 1;
      if ((own.get(color) as number) < 2) continue;
      for (const taken of (around[w] as Map<number, number>).keys()) forbidden[taken] = v + 1;
    }
    let color = 0;
    while (forbidden[color] === v + 1) color++;
    colors[v] = color;
    count = Math.max(count, color + 1);
    for (const w of near) {
      const seen = around[w] as Map<number, number>;
      const times = (seen.get(color) ?? 0) + 1;
      seen.set(color, times);
      const colorOfW = colors[w] as number;
      if (colorOfW < 0) continue;
      if (times > 2) (busy[v] as Set<number>).add(colorOfW);
      if (times === 2) {
        for (const u of neighbours(w)) if (colors[u] === color) busy[u]?.add(colorOfW);
      }
      if ((own.get(colorOfW) as number) >= 2) (busy[w] as Set<number>).add(color);
    }
  }
  return { colors, count };
}
