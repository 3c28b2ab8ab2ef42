/** Kernels of TensorFlow.js on its WebAssembly backend, one thread; its images end in channels. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as Backend from "@tensorflow/tfjs-backend-wasm";
import type * as Core from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs") as typeof Core;
const backend = require("@tensorflow/tfjs-backend-wasm") as typeof Backend;

/** Chooses the backend. */
export async function startTensorflow(): Promise<void> {
  backend.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  backend.setThreadsCount(1);
  await tf.setBackend("wasm");
}

function array(shape: readonly number[]): Core.Tensor4D {
  const count = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: count }, (_, i) => ((i * 0.6180339887498949) % 1) - 0.5);
  return tf.tensor4d(data, shape as [number, number, number, number]);
}

function once(make: () => Core.Tensor): () => void {
  return () => {
    tf.tidy(() => {
      make().dataSync();
    });
  };
}

/** Convolution of square images by square windows, padded so that a stride of 1 keeps their size. */
export interface Images {
  readonly batch: number;
  readonly channels: number;
  readonly size: number;
  readonly outputs: number;
  readonly window: number;
  readonly stride: number;
}

/** A convolution. */
export function tensorflowConvolution(images: Images): () => void {
  const { batch, channels, size, outputs, window, stride } = images;
  const x = array([batch, size, size, channels]);
  const kernel = array([window, window, channels, outputs]);
  return once(() => tf.conv2d(x, kernel, stride, Math.floor(window / 2)));
}

/** Largest elements of windows of 2 by 2. */
export function tensorflowPool(shape: readonly number[]): () => void {
  const x = array(shape);
  return once(() => tf.maxPool(x, 2, 2, "valid"));
}
