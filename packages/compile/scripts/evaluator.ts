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

/** Values of a function at pairs (x, y), computed in WebAssembly. */
export type Evaluate = (
  name: MathFunction,
  lane: MathLane,
  points: Float64Array | Float32Array,
) => Float64Array | Float32Array;

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

export function evaluator(names: readonly MathFunction[]): Evaluate {
  const host = engine();
  if (host === undefined) throw new Error("evaluator: the host must have WebAssembly, got none");
  const instance = new host.Instance(new host.Module(build(names)), {
    [hostMathModule]: { ...hostMath },
  });
  const { memory, ...functions } = instance.exports as Record<string, unknown>;
  const { buffer } = memory as { buffer: ArrayBuffer };
  return (name, lane, points) => {
    const wide = points instanceof Float64Array;
    const count = points.length / 2;
    const padded = Math.ceil(count / 4) * 4;
    const size = wide ? 8 : 4;
    const view = wide ? new Float64Array(buffer) : new Float32Array(buffer);
    const map = functions[`map_${name}_${lane}`] as (...values: number[]) => void;
    for (let i = 0; i < count; i++) {
      view[i] = points[2 * i] ?? 0;
      view[padded + i] = points[2 * i + 1] ?? 0;
    }
    map(0, padded * size, 2 * padded * size, padded * size);
    return view.slice(2 * padded, 2 * padded + count);
  };
}
