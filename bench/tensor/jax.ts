/** The models of models.ts in jax-js on its WebAssembly backend, each step compiled by `jit`. */
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { numbers, oneHot } from "./data.ts";
import { transformerSizes } from "./models.ts";

type Array_ = np.Array;
type Parameters = Record<string, Array_>;
type Loss = (p: Parameters, x: Array_, y: Array_) => Array_;

const RATE = 0.01;

const array = (shape: number[], scale = 1): Array_ =>
  np
    .array(
      numbers(
        shape.reduce((a, b) => a * b, 1),
        scale,
      ),
    )
    .reshape(shape);

const hot = (shape: number[]): Array_ => {
  const classes = shape.at(-1) as number;
  return np
    .array(
      oneHot(
        shape.slice(0, -1).reduce((a, b) => a * b, 1),
        classes,
      ),
    )
    .reshape(shape);
};

function parameters(shapes: Record<string, number[]>): Parameters {
  return Object.fromEntries(Object.entries(shapes).map(([name, s]) => [name, array(s, 0.1)]));
}

/** A step that keeps its parameters, as fast as jax-js makes it: everything in one compiled function. */
function trained(p: Parameters, x: Array_, y: Array_, loss: Loss): () => void {
  let current = p;
  const step = jit((given: Parameters, a: Array_, b: Array_) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(given) as Parameters, a, b);
    const next = tree.map(
      (one: Array_, gradient: Array_) => one.sub(gradient.mul(RATE)),
      given,
      gradients as Parameters,
    );
    return [value, next] as [Array_, Parameters];
  });
  return () => {
    const [value, next] = step(current as never, x.ref, y.ref) as [Array_, Parameters];
    current = next;
    value.dataSync();
  };
}

function crossEntropy(logits: Array_, y: Array_): Array_ {
  return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(y), -1)).mul(-1);
}

function product(n: number): () => void {
  const a = array([n, n]);
  const b = array([n, n]);
  const f = jit((x: Array_, y: Array_) => np.matmul(x, y));
  return () => {
    f(a.ref, b.ref).dataSync();
  };
}

function dense(x: Array_, w: Array_, b: Array_): Array_ {
  return np.matmul(x, w).add(b);
}

function perceptron(): () => void {
  const p = parameters({ w1: [784, 128], b1: [128], w2: [128, 10], b2: [10] });
  return trained(p, array([64, 784]), hot([64, 10]), ({ w1, b1, w2, b2 }, x, y) =>
    crossEntropy(
      dense(nn.relu(dense(x, w1 as Array_, b1 as Array_)), w2 as Array_, b2 as Array_),
      y,
    ),
  );
}

function pooled(x: Array_): Array_ {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  return np.max(np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), 5), 3);
}

function convolutional(): () => void {
  const p = parameters({
    k1: [8, 1, 3, 3],
    c1: [8, 1, 1],
    k2: [16, 8, 3, 3],
    c2: [16, 1, 1],
    w: [784, 10],
    b: [10],
  });
  const same = [
    [1, 1],
    [1, 1],
  ] as [number, number][];
  return trained(p, array([32, 1, 28, 28]), hot([32, 10]), (q, x, y) => {
    const { k1, c1, k2, c2, w, b } = q as Record<string, Array_>;
    const first = pooled(nn.relu(lax.conv(x, k1 as Array_, [1, 1], same).add(c1 as Array_)));
    const second = pooled(nn.relu(lax.conv(first, k2 as Array_, [1, 1], same).add(c2 as Array_)));
    return crossEntropy(dense(second.reshape([32, 784]), w as Array_, b as Array_), y);
  });
}

function layerNorm(x: Array_, gain: Array_, bias: Array_): Array_ {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(gain)
    .add(bias);
}

function transformer(): () => void {
  const { batch, tokens, width, heads, inner, classes } = transformerSizes;
  const head = width / heads;
  const square = [width, width];
  const line = [width];
  const p = parameters({
    ...{ q: square, k: square, v: square, o: square, g1: line, h1: line, g2: line, h2: line },
    ...{ w1: [width, inner], b1: [inner], w2: [inner, width], b2: line, r: [width, classes] },
  });
  const mask = np
    .array(
      Float32Array.from({ length: tokens * tokens }, (_, i) =>
        i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
      ),
    )
    .reshape([tokens, tokens]);
  const split = (m: Array_): Array_ =>
    np.transpose(m.reshape([batch, tokens, heads, head]), [0, 2, 1, 3]);
  return trained(p, array([batch, tokens, width]), hot([batch, tokens, classes]), (given, x, y) => {
    const v = given as Record<string, Array_>;
    const of = (name: string): Array_ => v[name] as Array_;
    const n1 = layerNorm(x.ref, of("g1"), of("h1"));
    const query = split(np.matmul(n1.ref, of("q")));
    const key = split(np.matmul(n1.ref, of("k")));
    const value = split(np.matmul(n1, of("v")));
    const scores = np
      .matmul(query, np.transpose(key, [0, 1, 3, 2]))
      .mul(head ** -0.5)
      .add(mask.ref);
    const mixed = np.matmul(nn.softmax(scores, -1), value);
    const joined = np.transpose(mixed, [0, 2, 1, 3]).reshape([batch, tokens, width]);
    const after = x.add(np.matmul(joined, of("o")));
    const n2 = layerNorm(after.ref, of("g2"), of("h2"));
    const hidden = nn.relu(dense(n2, of("w1"), of("b1")));
    const out = after.add(dense(hidden, of("w2"), of("b2")));
    return crossEntropy(np.matmul(out, of("r")), y);
  });
}

function xor(): () => void {
  const p = parameters({ w1: [2, 2], b1: [2], w2: [2, 1], b2: [1] });
  const x = np.array(new Float32Array([0, 0, 0, 1, 1, 0, 1, 1])).reshape([4, 2]);
  const y = np.array(new Float32Array([0, 1, 1, 0])).reshape([4, 1]);
  return trained(p, x, y, (q, a, b) => {
    const { w1, b1, w2, b2 } = q as Record<string, Array_>;
    const hidden = np.tanh(dense(a, w1 as Array_, b1 as Array_));
    const out = np.tanh(dense(hidden, w2 as Array_, b2 as Array_));
    return np.mean(np.square(out.sub(b)));
  });
}

/** Starts the backend. */
export async function startJax(): Promise<void> {
  await init("wasm");
  defaultDevice("wasm");
}

/** Steps by the names of the models. */
export const jaxModels: Readonly<Record<string, () => () => void>> = {
  perceptron,
  convolutional,
  transformer,
  xor,
};

/** C = A B of size n. */
export const jaxProduct: (n: number) => () => void = product;
