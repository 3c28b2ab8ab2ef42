/** Numbers in −1 … 1 from a small generator: the same for every engine. */
export function numbers(count: number, scale = 1): Float32Array {
  const out = new Float32Array(count);
  let state = 12345;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    out[i] = scale * (state / 0x3fffffff - 1);
  }
  return out;
}

/** One 1 a row. */
export function oneHot(rows: number, classes: number): Float32Array {
  const out = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) out[row * classes + ((row * 7) % classes)] = 1;
  return out;
}
