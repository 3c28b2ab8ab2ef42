/**
 * Kernels of ops that are no plain loops: time of one run, operations a second, and where it has the
 * same op the time of TensorFlow.js. Run by `npm run bench -- kernels`.
 */
import {
  apply,
  argmax,
  cumulativeSum,
  type DType,
  type Expr,
  gather,
  matmul,
  scatterAdd,
  segmentSum,
  take,
  variable,
} from "@chainrule/core";
import {
  averagePool2d,
  conv1d,
  conv2d,
  convolutionInput,
  convolutionKernel,
  maxPool2d,
  maxPoolSpread,
} from "@chainrule/core/conv";
import { cholesky, solve, triangularSolve } from "@chainrule/core/linear";
import { randomKey, randomUniform } from "@chainrule/core/random";
import { kernels } from "../../packages/compile/src/kernels/ops/index.ts";
import { kernelModule } from "./kernelModule.ts";
import { startTensorflow, tensorflowConvolution, tensorflowPool } from "./tensorflow.ts";

/**
 * The shortest of the runs that fit into half a second, in seconds: other processes only ever add
 * time.
 */
function shortest(run: () => void): number {
  for (let i = 0; i < 20; i++) run();
  const start = performance.now();
  run();
  const repeat = Math.max(1, Math.round(2 / (performance.now() - start + 1e-3)));
  const end = performance.now() + 500;
  let best = Number.POSITIVE_INFINITY;
  while (performance.now() < end) {
    const from = performance.now();
    for (let i = 0; i < repeat; i++) run();
    best = Math.min(best, (performance.now() - from) / repeat);
  }
  return best / 1000;
}

function kernelNode(node: Expr): Expr {
  return kernels.has(node.op) ? node : kernelNode(node.args[0] as Expr);
}

function show(name: string, node: Expr, peer?: () => void): void {
  const { run, operations } = kernelModule(kernelNode(node));
  const seconds = shortest(run);
  const cells = [
    name.padEnd(52),
    `${(seconds * 1e6).toFixed(2).padStart(11)} µs`,
    `${(operations / seconds / 1e9).toFixed(2).padStart(8)} G/s`,
  ];
  if (peer !== undefined) cells.push(`TensorFlow.js ${(shortest(peer) * 1e6).toFixed(0)} µs`);
  console.log(cells.join("  "));
}

const x = (shape: readonly number[], dtype: DType = "f32"): Expr => variable("x", shape, dtype);
const y = (shape: readonly number[], dtype: DType = "f32"): Expr => variable("y", shape, dtype);

await startTensorflow();
for (const n of [2, 8, 64, 256]) show(`matmul f32 ${n}`, matmul(x([n, n]), y([n, n])));
show("matmul f32 [256, 256] [256, 1]", matmul(x([256, 256]), y([256, 1])));
show("matmul f32 [1, 256] [256, 256]", matmul(x([1, 256]), y([256, 256])));
show("matmul f32 [64, 64, 64] [64, 64, 64]", matmul(x([64, 64, 64]), y([64, 64, 64])));
show("matmul i32 64", matmul(x([64, 64], "i32"), y([64, 64], "i32")));

for (const [batch, channels, size, outputs, window, stride] of [
  [32, 1, 28, 8, 3, 1],
  [32, 8, 14, 16, 3, 1],
  [8, 16, 32, 32, 3, 1],
  [8, 64, 16, 64, 3, 1],
  [8, 32, 32, 64, 3, 2],
  [8, 64, 28, 64, 1, 1],
  [4, 3, 64, 16, 7, 2],
] as const) {
  const padding = Math.floor(window / 2);
  const image = x([batch, channels, size, size]);
  const kernel = y([outputs, channels, window, window]);
  const forward = conv2d(image, kernel, { padding, stride });
  const name = `[${image.shape}] ${window}×${window} → ${outputs}, stride ${stride}`;
  const images = { batch, channels, size, outputs, window, stride };
  show(`conv2d ${name}`, forward, tensorflowConvolution(images));
  const { attributes, shape } = forward;
  show(
    `  by input ${name}`,
    apply(convolutionInput.op, [x(shape as number[]), kernel], attributes),
  );
  show(
    `  by kernel ${name}`,
    apply(convolutionKernel.op, [image, x(shape as number[])], attributes),
  );
}
show(
  "conv2d [8, 32, 28, 28] 3×3, each channel by itself",
  conv2d(x([8, 32, 28, 28]), y([32, 1, 3, 3]), { padding: 1, groups: 32 }),
);
show("conv1d [8, 16, 1000] 5 → 32", conv1d(x([8, 16, 1000]), y([32, 16, 5])));

const image = x([32, 8, 28, 28]);
show("maxPool2d [32, 8, 28, 28] 2 × 2", maxPool2d(image, 2), tensorflowPool([32, 28, 28, 8]));
const pooled = maxPool2d(image, 2);
show(
  "maxPoolSpread the same",
  apply(maxPoolSpread.op, [image, y([32, 8, 14, 14])], kernelNode(pooled).attributes),
);
show("averagePool2d the same", averagePool2d(image, 2));

const table = x([1000, 64]);
const rows = variable("i", [512], "i32");
show("take 512 of [1000, 64]", take(table, rows));
show("segmentSum 512 of [1000, 64]", segmentSum(y([512, 64]), rows, 1000));
show("gather one of 10 for 512", gather(x([512, 64]), variable("i", [512, 1], "i32")));
const one = variable("i", [512, 1], "i32");
show("scatterAdd one of 64 for 512", scatterAdd(x([512, 64]), one, y([512, 1])));
show("cumulativeSum [512, 64]", cumulativeSum(x([512, 64])));
show("argmax [512, 64]", argmax(x([512, 64])));

for (const n of [4, 32, 128]) {
  show(`cholesky f64 ${n}`, cholesky(x([n, n], "f64")));
  show(`solve f64 ${n}, one column`, solve(x([n, n], "f64"), y([n, 1], "f64")));
  show(`triangularSolve f64 ${n}, one column`, triangularSolve(x([n, n], "f64"), y([n, 1], "f64")));
}
show("randomUniform f32 100,000", randomUniform(randomKey(1), [100_000], { dtype: "f32" }));
show("randomUniform f64 100,000", randomUniform(randomKey(1), [100_000]));
