import {
  add,
  constant,
  type Expr,
  grad,
  logSoftmax,
  matmul,
  mean,
  mul,
  relu,
  reshape,
  softmax,
  square,
  sub,
  sum,
  tanh,
  transpose,
  variable,
} from "@chainrule/core";
import { conv2d, maxPool2d } from "@chainrule/core/conv";

/** A training step by plain gradient descent. */
export interface Step {
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  readonly updates: ReadonlyMap<Expr, Expr>;
}

const RATE = 0.01;

function step(
  data: Readonly<Record<string, Expr>>,
  parameters: Readonly<Record<string, Expr>>,
  loss: Expr,
): Step {
  const all = Object.values(parameters);
  const gradients = grad(loss, all);
  const updates = new Map(
    all.map((one, i) => [one, sub(one, mul(RATE, gradients[i] as Expr))] as const),
  );
  return { inputs: { ...data, ...parameters }, outputs: { loss }, updates };
}

const f32 = (name: string, ...shape: number[]): Expr => variable(name, shape, "f32");

function crossEntropy(logits: Expr, targets: Expr): Expr {
  return mul(-1, mean(sum(mul(logSoftmax(logits), targets), -1)));
}

/** C = A B. Shapes: [n, n]. */
export function product(n: number): Step {
  const a = f32("a", n, n);
  const b = f32("b", n, n);
  return { inputs: { a, b }, outputs: { c: matmul(a, b) }, updates: new Map() };
}

/** 784-128-10 with ReLU, softmax cross-entropy, batch 64. */
export function perceptron(): Step {
  const x = f32("x", 64, 784);
  const y = f32("y", 64, 10);
  const p = {
    w1: f32("w1", 784, 128),
    b1: f32("b1", 128),
    w2: f32("w2", 128, 10),
    b2: f32("b2", 10),
  };
  const hidden = relu(add(matmul(x, p.w1), p.b1));
  return step({ x, y }, p, crossEntropy(add(matmul(hidden, p.w2), p.b2), y));
}

/** Images 28 × 28: two convolutions of 8 and 16 kernels 3 × 3 with ReLU and pooling by 2, dense 10; batch 32. */
export function convolutional(): Step {
  const x = f32("x", 32, 1, 28, 28);
  const y = f32("y", 32, 10);
  const p = {
    k1: f32("k1", 8, 1, 3, 3),
    c1: f32("c1", 8, 1, 1),
    k2: f32("k2", 16, 8, 3, 3),
    c2: f32("c2", 16, 1, 1),
    w: f32("w", 784, 10),
    b: f32("b", 10),
  };
  const first = maxPool2d(relu(add(conv2d(x, p.k1, { padding: 1 }), p.c1)), 2);
  const second = maxPool2d(relu(add(conv2d(first, p.k2, { padding: 1 }), p.c2)), 2);
  const logits = add(matmul(reshape(second, [32, 784]), p.w), p.b);
  return step({ x, y }, p, crossEntropy(logits, y));
}

/** Sizes of the transformer: batch, tokens, width, heads, inner width, classes. */
export const transformerSizes: Readonly<
  Record<"batch" | "tokens" | "width" | "heads" | "inner" | "classes", number>
> = {
  batch: 8,
  tokens: 32,
  width: 64,
  heads: 4,
  inner: 256,
  classes: 64,
};

function layerNorm(x: Expr, gain: Expr, bias: Expr): Expr {
  const centred = sub(x, mean(x, -1, { keepDims: true }));
  const variance = mean(square(centred), -1, { keepDims: true });
  return add(mul(centred.div(add(variance, 1e-5).sqrt()), gain), bias);
}

/** One block of a transformer with causal attention on embedded tokens, and a linear read-out. */
export function transformer(): Step {
  const { batch, tokens, width, heads, inner, classes } = transformerSizes;
  const head = width / heads;
  const x = f32("x", batch, tokens, width);
  const y = f32("y", batch, tokens, classes);
  const p = {
    q: f32("q", width, width),
    k: f32("k", width, width),
    v: f32("v", width, width),
    o: f32("o", width, width),
    g1: f32("g1", width),
    h1: f32("h1", width),
    g2: f32("g2", width),
    h2: f32("h2", width),
    w1: f32("w1", width, inner),
    b1: f32("b1", inner),
    w2: f32("w2", inner, width),
    b2: f32("b2", width),
    r: f32("r", width, classes),
  };
  const mask = Array.from({ length: tokens }, (_, i) =>
    Array.from({ length: tokens }, (_, j) => (j > i ? -1e9 : 0)),
  );
  const split = (m: Expr): Expr =>
    transpose(reshape(m, [batch, tokens, heads, head]), [0, 2, 1, 3]);
  const n1 = layerNorm(x, p.g1, p.h1);
  const [q, k, v] = [p.q, p.k, p.v].map((w) => split(matmul(n1, w))) as [Expr, Expr, Expr];
  const scores = add(
    mul(matmul(q, transpose(k, [0, 1, 3, 2])), head ** -0.5),
    constant(mask, "f32"),
  );
  const mixed = matmul(softmax(scores), v);
  const joined = reshape(transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
  const after = add(x, matmul(joined, p.o));
  const n2 = layerNorm(after, p.g2, p.h2);
  const out = add(after, add(matmul(relu(add(matmul(n2, p.w1), p.b1)), p.w2), p.b2));
  return step({ x, y }, p, crossEntropy(matmul(out, p.r), y));
}

/** 2-2-1 with tanh and squared error on the four cases of XOR. */
export function xor(): Step {
  const x = f32("x", 4, 2);
  const y = f32("y", 4, 1);
  const p = { w1: f32("w1", 2, 2), b1: f32("b1", 2), w2: f32("w2", 2, 1), b2: f32("b2", 1) };
  const hidden = tanh(add(matmul(x, p.w1), p.b1));
  const out = tanh(add(matmul(hidden, p.w2), p.b2));
  return step({ x, y }, p, mean(square(sub(out, y))));
}
