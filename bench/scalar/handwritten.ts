/** Value and gradient of the 2-H-H-1 tanh network as an engineer writes them in TypeScript: loops over arrays. */

/** The network at a point: parameters in the order of `network`, then both inputs. Gives what computes the gradient into `gradient`. */
export function handwritten(hidden: number, point: Float64Array, gradient: Float64Array) {
  const n = hidden;
  // a, b, c of each unit of the first layer; d and a row e of each of the second; o and f.
  const second = 3 * n;
  const last = second + n * (n + 1);
  const first = new Float64Array(n);
  const firstAdjoint = new Float64Array(n);
  const output = new Float64Array(n);
  const at = last + n + 1;
  return (): number => {
    const x = point[at] as number;
    const y = point[at + 1] as number;
    for (let i = 0; i < n; i++) {
      const k = 3 * i;
      first[i] = Math.tanh(
        (point[k] as number) * x + (point[k + 1] as number) * y + (point[k + 2] as number),
      );
    }
    let value = point[last] as number;
    for (let i = 0; i < n; i++) {
      const row = second + i * (n + 1);
      let sum = point[row] as number;
      for (let j = 0; j < n; j++) sum += (point[row + 1 + j] as number) * (first[j] as number);
      const out = Math.tanh(sum);
      output[i] = out;
      value += (point[last + 1 + i] as number) * out;
    }
    gradient[last] = 1;
    firstAdjoint.fill(0);
    for (let i = 0; i < n; i++) {
      const out = output[i] as number;
      gradient[last + 1 + i] = out;
      const delta = (point[last + 1 + i] as number) * (1 - out * out);
      const row = second + i * (n + 1);
      gradient[row] = delta;
      for (let j = 0; j < n; j++) {
        gradient[row + 1 + j] = delta * (first[j] as number);
        firstAdjoint[j] = (firstAdjoint[j] as number) + delta * (point[row + 1 + j] as number);
      }
    }
    for (let i = 0; i < n; i++) {
      const out = first[i] as number;
      const delta = (firstAdjoint[i] as number) * (1 - out * out);
      const k = 3 * i;
      gradient[k] = delta * x;
      gradient[k + 1] = delta * y;
      gradient[k + 2] = delta;
    }
    return value;
  };
}
