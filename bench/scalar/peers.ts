/**
 * The network in jax-js and TensorFlow.js, in matrices, since neither is made for scalars: value and gradient by all
 * parameters in single precision, on their WebAssembly backends.
 */

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { defaultDevice, init, jit, numpy as np, valueAndGrad } from "@jax-js/jax";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

const load = createRequire(import.meta.url);

/** The shapes of the parameters: both layers and the output. */
function shapesOf(hidden: number): Readonly<Record<string, number[]>> {
  return { w: [2, hidden], c: [hidden], e: [hidden, hidden], d: [hidden], f: [hidden, 1], o: [1] };
}

function numbers(shape: readonly number[], hidden: number): number[] {
  const count = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => Math.sin(i + 1) / Math.sqrt(hidden));
}

type Parameters = Record<string, np.Array>;
type Value = (p: Parameters, row: np.Array) => np.Array;

/** One call of jax-js, compiled by `jit`, that waits for the gradient. */
export async function jaxNetwork(hidden: number): Promise<() => void> {
  await init("wasm");
  defaultDevice("wasm");
  const parameters: Parameters = Object.fromEntries(
    Object.entries(shapesOf(hidden)).map(([name, shape]) => [
      name,
      np.array(numbers(shape, hidden)).reshape(shape),
    ]),
  );
  const x = np.array([[0.3, -0.7]]);
  const value: Value = ({ w, c, e, d, f, o }, row) => {
    const first = np.tanh(np.matmul(row, w as np.Array).add(c as np.Array));
    const second = np.tanh(np.matmul(first, e as np.Array).add(d as np.Array));
    return np.sum(np.matmul(second, f as np.Array).add(o as np.Array));
  };
  const both = jit((p: Parameters, row: np.Array) => valueAndGrad(value)(p, row)) as unknown as (
    p: Parameters,
    row: np.Array,
  ) => [np.Array, Parameters];
  return () => {
    const given = Object.fromEntries(Object.entries(parameters).map(([k, one]) => [k, one.ref]));
    const [out, gradients] = both(given, x.ref);
    out.dataSync();
    for (const one of Object.values(gradients)) one.dataSync();
  };
}

/** One call of TensorFlow.js that reads the gradient. */
export async function tensorflowNetwork(hidden: number): Promise<() => void> {
  const backend = load.resolve("@tensorflow/tfjs-backend-wasm");
  // Gradients are registered in a table of the process; the file itself does not load as a module in Node.
  load("@tensorflow/tfjs-core/dist/register_all_gradients.js");
  setWasmPaths(`${dirname(backend)}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  const names = Object.keys(shapesOf(hidden));
  const parameters = names.map((name) => {
    const shape = shapesOf(hidden)[name] as number[];
    return tf.tensor(numbers(shape, hidden), shape);
  });
  const x = tf.tensor2d([[0.3, -0.7]]);
  const both = tf.valueAndGrads((...given: tf.Tensor[]) => {
    const [w, c, e, d, f, o] = given as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const first = tf.tanh(tf.add(tf.matMul(x, w as tf.Tensor2D), c));
    const second = tf.tanh(tf.add(tf.matMul(first as tf.Tensor2D, e as tf.Tensor2D), d));
    return tf.sum(tf.add(tf.matMul(second as tf.Tensor2D, f as tf.Tensor2D), o));
  });
  return () => {
    tf.tidy(() => {
      const { value, grads } = both(parameters);
      value.dataSync();
      for (const one of grads) one.dataSync();
    });
  };
}
