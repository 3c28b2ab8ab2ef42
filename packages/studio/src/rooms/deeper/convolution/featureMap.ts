import { evaluate, relu, type Tensor, variable } from "@chainrule/core";
import { averagePool2d, conv2d, maxPool2d } from "@chainrule/core/conv";
import type { Rows } from "./reader.ts";

/** What windows of 2 × 2 give. */
export type Pooling = "max" | "average";

/** What a kernel makes of an image. */
export interface Feature {
  /** The convolution, as large as the image. */
  readonly map: Rows;
  /** What is above 0 in it. */
  readonly active: Rows;
  /** Half as large each way. */
  readonly pooled: Rows;
}

/** Convolution with a square kernel of odd side, ReLU, pooling by windows of 2 × 2. */
export function featureOf(image: Rows, kernel: Rows, pooling: Pooling): Feature {
  const [size, side] = [image.length, kernel.length];
  const x = variable("image", [size, size]);
  const k = variable("kernel", [side, side]);
  const map = conv2d(x.reshape([1, 1, size, size]), k.reshape([1, 1, side, side]), {
    padding: "same",
  });
  const active = relu(map);
  const pooled = pooling === "max" ? maxPool2d(active, 2) : averagePool2d(active, 2);
  const values = evaluate({ map, active, pooled }, { image: copy(image), kernel: copy(kernel) });
  const rowsOf = (value: unknown): Rows => ((value as Tensor).toArray() as Rows[][])[0]?.[0] ?? [];
  return { map: rowsOf(values.map), active: rowsOf(values.active), pooled: rowsOf(values.pooled) };
}

/** The part of an image under a kernel, 0 outside, as large as the kernel. */
export function patchOf(image: Rows, side: number, row: number, column: number): Rows {
  const half = (side - 1) / 2;
  return Array.from({ length: side }, (_, i) =>
    Array.from({ length: side }, (_, j) => image[row + i - half]?.[column + j - half] ?? 0),
  );
}

/** Each element of a patch times the one of the kernel on it. */
export function productsOf(patch: Rows, kernel: Rows): Rows {
  const [p, k] = [
    variable("p", [patch.length, patch.length]),
    variable("k", [kernel.length, kernel.length]),
  ];
  return (evaluate(p.mul(k), { p: copy(patch), k: copy(kernel) }) as Tensor).toArray() as Rows;
}

function copy(rows: Rows): number[][] {
  return rows.map((row) => [...row]);
}

/** Kernels of 3 × 3 that image editors know. */
export const kernels: Readonly<Record<string, { readonly title: string; readonly rows: Rows }>> = {
  vertical: {
    title: "Upright edges",
    rows: [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
  },
  horizontal: {
    title: "Level edges",
    rows: [
      [-1, -2, -1],
      [0, 0, 0],
      [1, 2, 1],
    ],
  },
  outline: {
    title: "Outline",
    rows: [
      [-1, -1, -1],
      [-1, 8, -1],
      [-1, -1, -1],
    ],
  },
  diagonal: {
    title: "Diagonal lines",
    rows: [
      [2, -1, -1],
      [-1, 2, -1],
      [-1, -1, 2],
    ],
  },
  blur: {
    title: "Blur",
    rows: [
      [0.0625, 0.125, 0.0625],
      [0.125, 0.25, 0.125],
      [0.0625, 0.125, 0.0625],
    ],
  },
  nothing: {
    title: "The image itself",
    rows: [
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ],
  },
};
