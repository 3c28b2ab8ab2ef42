import {
  hostMath,
  hostMathModule,
  type MathFunction,
  type MathLane,
  mathFunctions,
  mathLibrary,
} from "../src/math/index.ts";
import { engine, f32, f64, i32, ModuleBuilder, v128 } from "../src/wasm/index.ts";

const lanes: readonly MathLane[] = ["f64", "f64x2", "f32", "f32x4"];
const memoryCodes = {
  f64: f64,
  f64x2: v128,
  f32: f32,
  f32x4: v128,
} as const;

/** Computes functions in WebAssembly at pairs (x, y), y unused by those of one argument. */
export interface Evaluator {
  (name: MathFunction, lane: MathLane, points: Float64Array): Float64Array;
  /** Puts the points into memory; each run then computes all values. */
  prepare(name: MathFunction, lane: MathLane, points: Float64Array): () => void;
}

/** A module with loops over arrays for functions in all lanes, as `map_<function>_<lane>`. */
function build(names: readonly MathFunction[]): Uint8Array {
  const builder = new ModuleBuilder();
  const library = mathLibrary(
    builder,
    names.flatMap((name) => lanes.map((lane) => ({ name, lane }))),
  );
  builder.memory({ minimum: 64 });
  builder.export("memory", "memory");
  for (const name of names) {
    for (const lane of lanes) {
      const { arity } = mathFunctions[name];
      const step = { f64: 8, f64x2: 16, f32: 4, f32x4: 16 }[lane];
      const { load, store } = memoryCodes[lane];
      const body = builder.function(`map_${name}_${lane}`, ["i32", "i32", "i32", "i32"], []);
      const [x, y, target, bytes] = [0, 1, 2, 3];
      const index = body.local("i32");
      const pushAddress = (base: number): void => {
        body.get(base);
        body.get(index);
        body.op(i32.add);
      };
      body.countedLoop(index, bytes, step, () => {
        pushAddress(target);
        for (const base of [x, y].slice(0, arity)) {
          pushAddress(base);
          body.memory(load);
        }
        body.call(library.index(name, lane));
        body.memory(store);
      });
      builder.export(body.name, "function", body.index);
    }
  }
  return builder.build();
}

export function evaluator(names: readonly MathFunction[]): Evaluator {
  const host = engine();
  if (host === undefined) throw new Error("evaluator: the host must have WebAssembly, got none");
  const instance = new host.Instance(new host.Module(build(names)), {
    [hostMathModule]: { ...hostMath },
  });
  const { memory, ...functions } = instance.exports as Record<string, unknown>;
  const { buffer } = memory as { buffer: ArrayBuffer };

  const place = (lane: MathLane, points: Float64Array): Placed => {
    const view = lane.startsWith("f64") ? new Float64Array(buffer) : new Float32Array(buffer);
    const count = points.length / 2;
    const padded = Math.ceil(count / 4) * 4;
    for (let i = 0; i < count; i++) {
      view[i] = points[2 * i] ?? 0;
      view[padded + i] = points[2 * i + 1] ?? 0;
    }
    return { view, count, padded };
  };
  const prepare = (name: MathFunction, lane: MathLane, points: Float64Array): (() => void) => {
    const { view, padded } = place(lane, points);
    const bytes = padded * view.BYTES_PER_ELEMENT;
    const map = functions[`map_${name}_${lane}`] as (...values: number[]) => void;
    return () => map(0, bytes, 2 * bytes, bytes);
  };
  const evaluate = (name: MathFunction, lane: MathLane, points: Float64Array): Float64Array => {
    prepare(name, lane, points)();
    const { view, count, padded } = place(lane, points);
    return Float64Array.from(view.subarray(2 * padded, 2 * padded + count));
  };
  return Object.assign(evaluate, { prepare });
}

interface Placed {
  readonly view: Float64Array | Float32Array;
  readonly count: number;
  readonly padded: number;
}
