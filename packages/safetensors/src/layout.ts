import { SafetensorsError, tensorNamed } from "./errors.ts";
import { byteLength, type TensorInfo } from "./tensor.ts";

/**
 * Checks that tensors have the bytes their shapes ask for and fill `dataBytes` one after another.
 *
 * Throws SafetensorsError on a wrong length, a gap, an overlap, or bytes beyond the end.
 */
export function checkLayout(tensors: ReadonlyMap<string, TensorInfo>, dataBytes: number): void {
  for (const [name, { dtype, shape, begin, end }] of tensors) {
    const where = tensorNamed(name);
    const expected = byteLength(where, dtype, shape);
    if (end - begin !== expected) {
      throw new SafetensorsError(
        `${where}: data_offsets must span the ${expected} bytes of ${dtype} ` +
          `[${shape.join(", ")}], got [${begin}, ${end}]`,
      );
    }
    if (end > dataBytes) {
      throw new SafetensorsError(
        `${where}: data_offsets must lie within the ${dataBytes} bytes of data, ` +
          `got [${begin}, ${end}]`,
      );
    }
  }
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== filled) {
      const fault = begin < filled ? "overlap" : "gap";
      throw new SafetensorsError(
        `${tensorNamed(name)}: data must begin at ${filled}, where the one before it ends, ` +
          `got ${begin} (${fault})`,
      );
    }
    filled = end;
  }
  if (filled !== dataBytes) {
    throw new SafetensorsError(
      `safetensors file: tensors must fill its ${dataBytes} bytes of data, got ${filled}`,
    );
  }
}
