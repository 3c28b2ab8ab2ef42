import { EvaluationError, type Shape, type TypedArray } from "@chainrule/core";
import type { Buffer, Layout, Slot } from "../plan/layout.ts";
import { type Placement, placeBuffers } from "../plan/placeBuffers.ts";
import { countOf, fixed, lengthOf } from "../plan/size.ts";
import type { EngineGlobal, EngineInstance, EngineMemory } from "../wasm/index.ts";
import { pageSize } from "../wasm/index.ts";
import type { CompiledModule, SizeNeed } from "./compiledModule.ts";
import { MOST_BYTES, outOfMemory } from "./outOfMemory.ts";
import type { Store } from "./store.ts";
import { viewOf } from "./viewOf.ts";

/** The memory of a module: where its buffers lie for the sizes it has. */
export class Arena implements Store {
  readonly sizes: Map<string, number> = new Map();
  readonly #module: CompiledModule;
  readonly #memory: EngineMemory;
  #buffer: ArrayBufferLike;
  readonly #globals: Readonly<Record<string, unknown>>;
  /** Where fixed buffers lie before sizes are known, then where all do. */
  #placement: Placement;
  #isPlaced = false;

  constructor(module: CompiledModule, { exports }: EngineInstance) {
    this.#module = module;
    this.#globals = exports;
    this.#memory = exports["memory"] as EngineMemory;
    this.#buffer = this.#memory.buffer;
    const { layout, placement, constants } = module;
    this.#placement = placement ?? placeBuffers(beforeSizes(layout), new Map());
    this.#reserve(this.#placement, new Map());
    if (placement === undefined) {
      // Constants are fixed: they keep their place when sizes are known.
      for (const [{ dtype, data }, buffer] of constants) {
        viewOf(this.buffer, dtype, this.#addressOf(buffer), data.length).set(data);
      }
    }
    if (layout.sizes.length === 0) this.resize(new Map());
  }

  get bytes(): number {
    return this.#isPlaced ? this.#placement.bytes : 0;
  }

  get isPlaced(): boolean {
    return this.#isPlaced;
  }

  get placement(): Placement | undefined {
    return this.#isPlaced ? this.#placement : undefined;
  }

  isChangedBy(sizes: ReadonlyMap<string, number>): boolean {
    const names = this.#module.layout.sizes;
    if (!names.every((name) => sizes.has(name))) return false;
    return !this.#isPlaced || names.some((name) => sizes.get(name) !== this.sizes.get(name));
  }

  /** Kept here, since the engine's accessor takes longer than many programs run; memory grows only below. */
  get buffer(): ArrayBufferLike {
    return this.#buffer;
  }

  owns({ buffer }: TypedArray): boolean {
    return buffer === this.#buffer;
  }

  resize(sizes: ReadonlyMap<string, number>): void {
    const { layout, needs, placement: always } = this.#module;
    checkNeeds(needs, sizes);
    const placement = always ?? placeBuffers(layout, sizes);
    this.#reserve(placement, sizes);
    const moved = this.#isPlaced ? this.#contentsMoved(placement, sizes) : [];
    this.#placement = placement;
    this.#isPlaced = true;
    for (const name of layout.sizes) {
      const size = sizes.get(name) as number;
      this.sizes.set(name, size);
      this.#global(`size:${name}`).value = size;
    }
    if (always !== undefined) return;
    placement.addresses.forEach((address, buffer) => {
      this.#global(`at:${buffer}`).value = address;
    });
    for (const [slot, content] of moved) this.view(slot).set(content);
  }

  has({ buffer }: Slot): boolean {
    return this.#isPlaced || isLasting(this.#module.layout.buffers[buffer] as Buffer);
  }

  view({ storage, shape, buffer }: Slot): TypedArray {
    return this.at(storage, shape, this.#addressOf(buffer));
  }

  /** The elements of a shape from an address on. */
  at(dtype: Slot["storage"], shape: Shape, address: number): TypedArray {
    // The engine hands addresses beyond 2³¹ over as negative numbers.
    return viewOf(this.buffer, dtype, address >>> 0, lengthOf(countOf(shape), this.sizes));
  }

  #addressOf(buffer: number): number {
    return this.#placement.addresses[buffer] as number;
  }

  #global(name: string): EngineGlobal {
    return this.#globals[name] as EngineGlobal;
  }

  /** Inputs that are as long as before and will lie elsewhere, with copies of their elements. */
  #contentsMoved(
    placement: Placement,
    sizes: ReadonlyMap<string, number>,
  ): readonly (readonly [Slot, TypedArray])[] {
    return this.#module.layout.inputs.flatMap((slot) => {
      const { buffer, shape } = slot;
      const count = countOf(shape);
      const stays = lengthOf(count, sizes) === lengthOf(count, this.sizes);
      const moves = placement.addresses[buffer] !== this.#addressOf(buffer);
      return stays && moves ? [[slot, this.view(slot).slice()] as const] : [];
    });
  }

  #reserve({ bytes }: Placement, sizes: ReadonlyMap<string, number>): void {
    const pages = Math.ceil(bytes / pageSize) - this.#buffer.byteLength / pageSize;
    if (pages <= 0) return;
    if (bytes > MOST_BYTES) throw outOfMemory(this.#module.layout, bytes, sizes);
    try {
      this.#memory.grow(pages);
      this.#buffer = this.#memory.buffer;
    } catch {
      throw outOfMemory(this.#module.layout, bytes, sizes);
    }
  }
}

/** Whether a buffer always lives and has one size, so that it has one address. */
function isLasting({ bytes, to }: Buffer): boolean {
  return bytes.names.length === 0 && !Number.isFinite(to);
}

/** The fixed buffers in their places, all others without length. */
function beforeSizes({ buffers, reuse }: Layout): Pick<Layout, "buffers" | "reuse"> {
  const none: Buffer = { bytes: fixed(0), from: 0, to: 0 };
  return { buffers: buffers.map((buffer) => (isLasting(buffer) ? buffer : none)), reuse };
}

/** Throws EvaluationError if a named size is shorter than an op needs it. */
function checkNeeds(needs: readonly SizeNeed[], sizes: ReadonlyMap<string, number>): void {
  for (const { name, least, op } of needs) {
    const size = sizes.get(name) as number;
    if (size >= least) continue;
    throw new EvaluationError(
      `run: ${op} must have a size "${name}" of at least ${least}, got ${size}`,
    );
  }
}
