/**
 * Elementary functions in WebAssembly against the host's `Math`, in nanoseconds a value.
 * Run by `npm run bench -- math`.
 */
import { type MathFunction, mathFunctions } from "@chainrule/compile";
import { evaluator } from "../../packages/compile/scripts/evaluator.ts";

const count = 4096;
const names = Object.keys(mathFunctions) as MathFunction[];
const evaluate = evaluator(names);

/** The shortest of the runs that fit into `seconds`, since other processes only ever add time. */
function shortest(run: () => void, seconds: number): number {
  const end = performance.now() + 1000 * seconds;
  let best = Number.POSITIVE_INFINITY;
  while (performance.now() < end) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1e6) / count;
}

/** Arguments that all functions take: in (0.05, 0.95), but acosh's beyond 1. */
function pointsFor(name: MathFunction): Float64Array {
  const shift = name === "acosh" ? 1 : 0;
  return Float64Array.from({ length: 2 * count }, (_, i) => {
    return shift + 0.05 + 0.9 * ((i * 0.6180339887498949) % 1);
  });
}

type Host = ((x: number, y: number) => number) | undefined;

console.log("ns a value  Math     f64    f64x2   f32x4   Math / f64x2");
for (const name of names) {
  const points = pointsFor(name);
  const host = (Math as unknown as Record<string, Host>)[name];
  const target = new Float64Array(count);
  const math =
    host === undefined
      ? Number.NaN
      : shortest(() => {
          for (let i = 0; i < count; i++) {
            target[i] = host(points[2 * i] ?? 0, points[2 * i + 1] ?? 0);
          }
        }, 0.1);
  const [single, double, four] = (["f64", "f64x2", "f32x4"] as const).map((lane) => {
    const run = evaluate.prepare(name, lane, points);
    return shortest(run, 0.1);
  });
  const cells = [math, single, double, four].map((x) => (x ?? 0).toFixed(2).padStart(7));
  console.log(`${name.padEnd(10)}${cells.join(" ")}   ${(math / (double ?? 0)).toFixed(2)}`);
}
