import { type DType, EvaluationError, type Shape, type TypedArray } from "@chainrule/core";
import type { Slot } from "../plan/layout.ts";
import { type Placement, placeBuffers } from "../plan/placeBuffers.ts";
import { countOf, lengthOf } from "../plan/size.ts";
import type { EngineGlobal, EngineInstance, EngineMemory } from "../wasm/index.ts";
import { pageSize } from "../wasm/index.ts";
import type { CompiledModule } from "./compiledModule.ts";

/** A typed array over a stretch of memory. */
export function viewOf(
  buffer: ArrayBufferLike,
  dtype: DType,
  offset: number,
  length: number,
): TypedArray {
  const memory = buffer as ArrayBuffer;
  if (dtype === "f64") return new Float64Array(memory, offset, length);
  if (dtype === "f32") return new Float32Array(memory, offset, length);
  if (dtype === "i32") return new Int32Array(memory, offset, length);
  return new Uint8Array(memory, offset, length);
}

/** The memory of a module: where its buffers lie for the sizes it has. */
export class Arena {
  readonly sizes: Map<string, number> = new Map();
  readonly #module: CompiledModule;
  readonly #memory: EngineMemory;
  readonly #globals: Readonly<Record<string, unknown>>;
  #placement: Placement | undefined;

  constructor(module: CompiledModule, { exports }: EngineInstance) {
    this.#module = module;
    this.#globals = exports;
    this.#memory = exports["memory"] as EngineMemory;
    if (module.placement !== undefined) {
      this.#reserve(module.placement);
      this.#placement = module.placement;
    } else if (module.layout.sizes.length === 0) this.resize(new Map());
  }

  /** Bytes in use; 0 until sizes are known. */
  get bytes(): number {
    return this.#placement?.bytes ?? 0;
  }

  get isPlaced(): boolean {
    return this.#placement !== undefined;
  }

  /** Whether all named sizes have a length among these. */
  isNamed(sizes: ReadonlyMap<string, number>): boolean {
    return this.#module.layout.sizes.every((name) => sizes.has(name));
  }

  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  /**
   * Places the buffers for new lengths of the named sizes. Contents of fixed size stay.
   *
   * Throws EvaluationError, and changes nothing, if memory does not suffice.
   */
  resize(sizes: ReadonlyMap<string, number>): void {
    const { layout, constants, needs } = this.#module;
    for (const { name, least, op } of needs) {
      const size = sizes.get(name) as number;
      if (size < least) {
        throw new EvaluationError(
          `run: ${op} must have a size "${name}" of at least ${least}, got ${size}`,
        );
      }
    }
    const placement = placeBuffers(layout, sizes);
    const first = this.#placement === undefined;
    this.#reserve(placement);
    this.#placement = placement;
    for (const name of layout.sizes) {
      const size = sizes.get(name) as number;
      this.sizes.set(name, size);
      this.#global(`size:${name}`).value = size;
    }
    if (this.#module.placement !== undefined) return;
    placement.addresses.forEach((address, buffer) => {
      this.#global(`at:${buffer}`).value = address;
    });
    if (!first) return;
    for (const [{ dtype, data }, buffer] of constants) {
      viewOf(this.buffer, dtype, placement.addresses[buffer] as number, data.length).set(data);
    }
  }

  /** The elements of a slot. */
  view({ storage, shape, buffer }: Slot): TypedArray {
    const address = this.#placement?.addresses[buffer] as number;
    return this.at(storage, shape, address);
  }

  /** The elements of a shape from an address on. */
  at(dtype: DType, shape: Shape, address: number): TypedArray {
    return viewOf(this.buffer, dtype, address, lengthOf(countOf(shape), this.sizes));
  }

  #global(name: string): EngineGlobal {
    return this.#globals[name] as EngineGlobal;
  }

  #reserve({ bytes, addresses }: Placement): void {
    const pages = Math.ceil(bytes / pageSize) - this.#memory.buffer.byteLength / pageSize;
    if (pages <= 0) return;
    try {
      this.#memory.grow(pages);
    } catch {
      throw outOfMemory(this.#module, bytes, addresses);
    }
  }
}

/** Says how much memory the plan wants, and what for. */
export function outOfMemory(
  { layout }: CompiledModule,
  bytes: number,
  addresses: readonly number[],
): EvaluationError {
  const ends = [...addresses, bytes].sort((a, b) => a - b);
  const named = new Map([...layout.inputs, ...layout.outputs].map((slot) => [slot.buffer, slot]));
  const lengths = addresses.map((address, buffer) => {
    const next = ends.find((end) => end > address) ?? bytes;
    const { name } = named.get(buffer) ?? { name: `value ${buffer}` };
    return { name, length: next - address };
  });
  const largest = lengths.sort((a, b) => b.length - a.length).slice(0, 3);
  const list = largest.map(({ name, length }) => `${name} ${length}`).join(", ");
  return new EvaluationError(
    `compile: the plan must fit into memory, got ${bytes} bytes (largest: ${list})`,
  );
}
