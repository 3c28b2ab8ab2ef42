/** The models of models.ts in TensorFlow.js on its WebAssembly backend, one thread. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as Backend from "@tensorflow/tfjs-backend-wasm";
import type * as Core from "@tensorflow/tfjs-core";
import { numbers, oneHot } from "./data.ts";
import { transformerSizes } from "./models.ts";

// The bundles for Node hold all gradients; their modules do not resolve there.
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs") as typeof Core;
const { setThreadsCount, setWasmPaths } =
  require("@tensorflow/tfjs-backend-wasm") as typeof Backend;

const RATE = 0.01;

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function array(shape: number[], scale = 1): Core.Tensor {
  return tf.tensor(numbers(count(shape), scale), shape);
}

function hot(shape: number[]): Core.Tensor {
  return tf.tensor(oneHot(count(shape.slice(0, -1)), shape.at(-1) as number), shape);
}

function variables(shapes: Record<string, number[]>): Record<string, Core.Variable> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, tf.variable(array(shape, 0.1))]),
  );
}

function trained(p: Record<string, Core.Variable>, loss: () => Core.Scalar): () => void {
  const all = Object.values(p);
  return () => {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, all);
      for (const one of all) one.assign(tf.sub(one, tf.mul(grads[one.name] as Core.Tensor, RATE)));
      value.dataSync();
    });
  };
}

function crossEntropy(logits: Core.Tensor, y: Core.Tensor): Core.Scalar {
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), y), -1)));
}

function dense(x: Core.Tensor, w: Core.Tensor, b: Core.Tensor): Core.Tensor {
  return tf.add(tf.matMul(x, w), b);
}

function product(n: number): () => void {
  const a = array([n, n]);
  const b = array([n, n]);
  return () => {
    tf.tidy(() => {
      tf.matMul(a, b).dataSync();
    });
  };
}

function perceptron(): () => void {
  const x = array([64, 784]);
  const y = hot([64, 10]);
  const p = variables({ w1: [784, 128], b1: [128], w2: [128, 10], b2: [10] });
  return trained(p, () => {
    const { w1, b1, w2, b2 } = p as Record<string, Core.Tensor>;
    const hidden = tf.relu(dense(x, w1 as Core.Tensor, b1 as Core.Tensor));
    return crossEntropy(dense(hidden, w2 as Core.Tensor, b2 as Core.Tensor), y);
  });
}

function convolutional(): () => void {
  const x = array([32, 28, 28, 1]) as Core.Tensor4D;
  const y = hot([32, 10]);
  const p = variables({
    k1: [3, 3, 1, 8],
    c1: [8],
    k2: [3, 3, 8, 16],
    c2: [16],
    w: [784, 10],
    b: [10],
  });
  const of = (name: string): Core.Tensor => p[name] as Core.Tensor;
  const layer = (h: Core.Tensor4D, k: string, c: string): Core.Tensor4D => {
    const made = tf.relu(tf.add(tf.conv2d(h, of(k) as Core.Tensor4D, 1, "same"), of(c)));
    return tf.maxPool(made as Core.Tensor4D, 2, 2, "valid");
  };
  return trained(p, () => {
    const second = layer(layer(x, "k1", "c1"), "k2", "c2");
    return crossEntropy(dense(tf.reshape(second, [32, 784]), of("w"), of("b")), y);
  });
}

function layerNorm(x: Core.Tensor, gain: Core.Tensor, bias: Core.Tensor): Core.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 1e-5))), gain), bias);
}

/** Matrix product of the last axis: TensorFlow.js takes stacks only of one rank. */
function project(x: Core.Tensor, w: Core.Tensor): Core.Tensor {
  const width = x.shape.at(-1) as number;
  const flat = tf.matMul(tf.reshape(x, [-1, width]), w);
  return tf.reshape(flat, [...x.shape.slice(0, -1), w.shape[1] as number]);
}

function transformer(): () => void {
  const { batch, tokens, width, heads, inner, classes } = transformerSizes;
  const head = width / heads;
  const square = [width, width];
  const line = [width];
  const p = variables({
    ...{ q: square, k: square, v: square, o: square, g1: line, h1: line, g2: line, h2: line },
    ...{ w1: [width, inner], b1: [inner], w2: [inner, width], b2: line, r: [width, classes] },
  });
  const of = (name: string): Core.Tensor => p[name] as Core.Tensor;
  const x = array([batch, tokens, width]);
  const y = hot([batch, tokens, classes]);
  const mask = tf.tensor(
    Float32Array.from({ length: tokens * tokens }, (_, i) =>
      i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
    ),
    [tokens, tokens],
  );
  const split = (m: Core.Tensor): Core.Tensor =>
    tf.transpose(tf.reshape(m, [batch, tokens, heads, head]), [0, 2, 1, 3]);
  return trained(p, () => {
    const n1 = layerNorm(x, of("g1"), of("h1"));
    const [q, k, v] = ["q", "k", "v"].map((name) => split(project(n1, of(name)))) as [
      Core.Tensor,
      Core.Tensor,
      Core.Tensor,
    ];
    const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), head ** -0.5), mask);
    const mixed = tf.matMul(tf.softmax(scores), v);
    const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
    const after = tf.add(x, project(joined, of("o")));
    const n2 = layerNorm(after, of("g2"), of("h2"));
    const hidden = tf.relu(tf.add(project(n2, of("w1")), of("b1")));
    const out = tf.add(after, tf.add(project(hidden, of("w2")), of("b2")));
    return crossEntropy(project(out, of("r")), y);
  });
}

function xor(): () => void {
  const x = tf.tensor([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
  const y = tf.tensor([0, 1, 1, 0], [4, 1]);
  const p = variables({ w1: [2, 2], b1: [2], w2: [2, 1], b2: [1] });
  const of = (name: string): Core.Tensor => p[name] as Core.Tensor;
  return trained(p, () => {
    const hidden = tf.tanh(dense(x, of("w1"), of("b1")));
    const out = tf.tanh(dense(hidden, of("w2"), of("b2")));
    return tf.mean(tf.square(tf.sub(out, y)));
  });
}

/** Starts the backend, with its SIMD and without threads. */
export async function startTensorFlow(): Promise<void> {
  const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm"));
  setWasmPaths(`${folder}/`);
  setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
}

/** Steps by the names of the models. */
export const tensorFlowModels: Readonly<Record<string, () => () => void>> = {
  perceptron,
  convolutional,
  transformer,
  xor,
};

/** C = A B of size n. */
export const tensorFlowProduct: (n: number) => () => void = product;
