/**
 * Matrix products against the peak of this machine's WebAssembly: multiplications and additions that
 * stay in registers. Run by `npm run bench -- matmul`.
 */
import {
  type Body,
  engine,
  f32x4,
  f64x2,
  ModuleBuilder,
  matmulFlags,
  matmulFunction,
  matmulScratch,
  v128,
} from "@chainrule/compile";

type Type = "f32" | "f64";
type Run = (...values: number[]) => void;

function exportsOf(builder: ModuleBuilder): Record<string, Run> {
  const host = engine();
  if (host === undefined) throw new Error("bench: the host must have WebAssembly, got none");
  return new host.Instance(new host.Module(builder.build())).exports as Record<string, Run>;
}

/** The shortest of the runs that fit into `seconds`, since other processes only ever add time. */
function shortest(run: () => void, seconds: number): number {
  const end = performance.now() + 1000 * seconds;
  let best = Number.POSITIVE_INFINITY;
  while (performance.now() < end) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

const chains = 6;
const unroll = 8;

/** Independent chains of additions and of multiplications. */
function peakFunction(builder: ModuleBuilder, type: Type): Body {
  const { add, mul } = type === "f32" ? f32x4 : f64x2;
  const body = builder.function(`peak_${type}`, ["i32"], []);
  const sums = Array.from({ length: chains }, () => body.local("v128"));
  const products = Array.from({ length: chains }, () => body.local("v128"));
  const index = body.local("i32");
  // A constant in the loop would be built anew for each operation and halve what is measured.
  const one = body.local("v128");
  if (type === "f32") body.f32x4(1);
  else body.f64x2(1);
  body.set(one);
  body.countedLoop(index, 0, 1, () => {
    for (let i = 0; i < unroll; i++) {
      for (const [locals, code] of [
        [sums, add],
        [products, mul],
      ] as const) {
        for (const local of locals) {
          body.get(local);
          body.get(one);
          body.op(code);
          body.set(local);
        }
      }
    }
  });
  for (const local of [...sums, ...products]) {
    body.i32(0);
    body.get(local);
    body.memory(v128.store);
  }
  return body;
}

/** Floating-point operations a second. */
function peak(type: Type): number {
  const builder = new ModuleBuilder();
  builder.memory({ minimum: 1 });
  const body = peakFunction(builder, type);
  builder.export("peak", "function", body.index);
  const run = exportsOf(builder)["peak"];
  const lanes = type === "f32" ? 4 : 2;
  const rounds = 2000;
  const seconds = shortest(() => run?.(rounds), 1);
  return (rounds * unroll * chains * 2 * lanes) / seconds;
}

function product(type: Type, n: number, flags: number): number {
  const size = type === "f32" ? 4 : 8;
  const matrix = n * n * size;
  const scratch = matmulScratch(type, n, (flags & matmulFlags.transposeA) !== 0);
  const builder = new ModuleBuilder();
  builder.memory({ minimum: Math.ceil((3 * matrix + scratch) / 65536) });
  builder.export("memory", "memory");
  builder.export("matmul", "function", matmulFunction(builder, type));
  const exports = exportsOf(builder);
  const memory = exports["memory"] as unknown as { buffer: ArrayBuffer };
  const view = type === "f32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
  view.forEach((_, i) => {
    view[i] = (i % 7) - 3;
  });
  const run = exports["matmul"];
  const once = (): void => run?.(n, n, n, 0, n, matrix, n, 2 * matrix, n, 3 * matrix, flags);
  const repeat = Math.max(1, Math.round(1e7 / n ** 3));
  const seconds = shortest(() => {
    for (let i = 0; i < repeat; i++) once();
  }, 0.7);
  return (repeat * 2 * n ** 3) / seconds;
}

const layouts: [string, number][] = [
  ["A·B", 0],
  ["Aᵀ·B", matmulFlags.transposeA],
  ["A·Bᵀ", matmulFlags.transposeB],
  ["Aᵀ·Bᵀ", matmulFlags.transposeA | matmulFlags.transposeB],
];

for (const type of ["f32", "f64"] as const) {
  console.log(
    `${type}: peak ${(peak(type) / 1e9).toFixed(1)} GFLOP/s; products as GFLOP/s (share of peak)`,
  );
  for (const n of [16, 32, 64, 128, 256, 512, 1024]) {
    const best = peak(type);
    const cells = layouts.map(([name, flags]) => {
      const rate = product(type, n, flags);
      return `${name} ${(rate / 1e9).toFixed(1)} (${((100 * rate) / best).toFixed(0)} %)`;
    });
    console.log(`${String(n).padStart(5)}  ${cells.join("  ")}`);
  }
}
