import { setImmediate as turn } from "node:timers/promises";
import { compile } from "@chainrule/compile";
import { add, grad, matmul, mul, scalar, sum, tanh, variable } from "@chainrule/core";

/** Programs that are compiled, run and dropped. */
const CYCLES = 10_000;

/** A program of its own: as scalars, or as tensors of an open size. Its inputs know all that is built on them, so they go too. */
function cycle(i: number): number {
  if (i % 20 === 0) {
    const X = variable("X", ["n", 3]);
    const y = sum(tanh(mul(matmul(X, X.transpose()), i + 0.5)));
    const f = compile({ outputs: { y, slope: grad(y, X) } }, { as: "tensors" });
    return f({ X: [[0.1, 0.2, 0.3]] })["y"] as number;
  }
  const a = scalar("a");
  const y = tanh(mul(add(a, i + 0.5), 1 / (i + 1)));
  return compile({ outputs: { y, slope: grad(y, a) } })({ a: 1 })["y"] as number;
}

async function usage(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await turn();
  }
  return process.memoryUsage();
}

let early: NodeJS.MemoryUsage | undefined;
for (let i = 0; i < CYCLES; i++) {
  if (!Number.isFinite(cycle(i))) throw new Error(`cycle ${i}: the value must be finite`);
  // Nodes that nobody holds go after a turn of the event loop.
  if (i % 100 === 99) await turn();
  if (i === CYCLES / 5) early = await usage();
}
console.log(JSON.stringify({ early, late: await usage() }));
