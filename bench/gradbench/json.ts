/** The fields of a JSON object. Throws TypeError if it is none. */
export function fieldsOf(where: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${where}: must be an object, got ${JSON.stringify(value)?.slice(0, 40)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** A finite number. Throws TypeError otherwise. */
export function numberOf(where: string, value: unknown): number {
  if (typeof value !== "number") {
    throw new TypeError(`${where}: must be a number, got ${JSON.stringify(value)?.slice(0, 40)}`);
  }
  return value;
}

/** The items of a JSON array. Throws TypeError if it is none. */
export function itemsOf(where: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${where}: must be an array, got ${JSON.stringify(value)?.slice(0, 40)}`);
  }
  return value as readonly unknown[];
}

/** The numbers of nested arrays, the last index running first. Throws TypeError at anything else. */
export function numbersOf(where: string, value: unknown): Float64Array {
  let level = itemsOf(where, value);
  while (level.length > 0 && Array.isArray(level[0])) {
    level = level.flatMap((item) => itemsOf(where, item));
  }
  return Float64Array.from(level, (item) => numberOf(where, item));
}

/** The same as 32-bit integers. */
export function integersOf(where: string, value: unknown): Int32Array {
  return Int32Array.from(numbersOf(where, value));
}

/** Elements as rows of `width`. */
export function rowsOf(elements: ArrayLike<number>, width: number, count: number): number[][] {
  const rows: number[][] = [];
  for (let i = 0; i < count; i++) {
    rows.push(Array.from({ length: width }, (_, j) => elements[i * width + j] as number));
  }
  return rows;
}
