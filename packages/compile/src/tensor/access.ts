import type { DType } from "@chainrule/core";
import type { Push } from "../kernels/integers.ts";
import { elementBytes } from "../plan/elementBytes.ts";
import { fixed, fixedValue, type Size, times } from "../plan/size.ts";
import { type Body, i32 } from "../wasm/index.ts";
import type { View } from "./view.ts";

/** Where a buffer lies: known when the module is made, or in a global. */
export type Address =
  | { readonly kind: "fixed"; readonly address: number }
  | { readonly kind: "global"; readonly index: number };

/** Pushes lengths and addresses. */
export interface Addresses {
  addressOf(buffer: number): Address;
  /** Index of the global that holds where a window is. */
  windowGlobal(window: number): number;
  /** Index of the global that holds a named size. */
  sizeGlobal(name: string): number;
}

/** Pushes a length as i32. */
export function pushSize(body: Body, { factor, names }: Size, addresses: Addresses): void {
  if (names.length === 0 || factor !== 1) body.i32(factor);
  names.forEach((name, i) => {
    body.globalGet(addresses.sizeGlobal(name));
    if (i > 0 || factor !== 1) body.op(i32.mul);
  });
}

/** Pushes the address of a buffer. */
export function pushAddress(body: Body, buffer: number, addresses: Addresses): void {
  const address = addresses.addressOf(buffer);
  if (address.kind === "fixed") body.i32(address.address);
  else body.globalGet(address.index);
}

/** Pushes the address of a view's first element. */
export function pushStart(body: Body, view: View, addresses: Addresses): void {
  const { offset, dtype } = view;
  const address = addressOfSource(view, addresses);
  let still = 0;
  const moving: Size[] = [];
  for (const term of offset) {
    const bytes = times(fixed(elementBytes[dtype]), term);
    const known = fixedValue(bytes);
    if (known === undefined) moving.push(bytes);
    else still += known;
  }
  if (address.kind === "fixed") body.i32(address.address + still);
  else {
    body.globalGet(address.index);
    if (still !== 0) {
      body.i32(still);
      body.op(i32.add);
    }
  }
  for (const term of moving) {
    pushSize(body, term, addresses);
    body.op(i32.add);
  }
}

function addressOfSource({ source }: View, addresses: Addresses): Address {
  if (source.kind === "buffer") return addresses.addressOf(source.buffer);
  if (source.kind === "window") {
    return { kind: "global", index: addresses.windowGlobal(source.window) };
  }
  throw new Error(`pushStart: a view must be of memory, got ${source.kind}`);
}

/** Steps along the axes of a loop, in bytes (in elements for positions themselves). */
export interface Walk {
  readonly steps: readonly Size[];
  /** Local that holds the distance from the first element; undefined if nothing moves. */
  readonly local: number | undefined;
}

/** One view of memory inside a loop. */
export interface Access {
  readonly dtype: DType;
  readonly walk: Walk;
  /** Part of the address that is known: immediate offset of the instruction. */
  readonly immediate: number;
  /** Local that holds the rest of the first element's address. */
  readonly base: number | undefined;
  /** Step along the innermost axis. */
  readonly inner: Size;
}

/** The walks and accesses of one loop. */
export class Accesses {
  readonly #body: Body;
  readonly #addresses: Addresses;
  readonly #walks = new Map<string, Walk>();

  constructor(body: Body, addresses: Addresses) {
    this.#body = body;
    this.#addresses = addresses;
  }

  get walks(): Iterable<Walk> {
    return this.#walks.values();
  }

  /** The walk with these steps. */
  walk(steps: readonly Size[]): Walk {
    const key = JSON.stringify(steps);
    const known = this.#walks.get(key);
    if (known !== undefined) return known;
    const moves = steps.some((step) => fixedValue(step) !== 0);
    const made: Walk = { steps, local: moves ? this.#body.local("i32") : undefined };
    this.#walks.set(key, made);
    return made;
  }

  /** A view of memory whose strides are along the loop's axes. */
  access(view: View, strides: readonly Size[]): Access {
    const { dtype, offset } = view;
    const size = fixed(elementBytes[dtype]);
    const walk = this.walk(strides.map((stride) => times(size, stride)));
    const inner = walk.steps.at(-1) ?? fixed(0);
    const fixedOffset = offset.every((term) => fixedValue(term) !== undefined);
    const address = addressOfSource(view, this.#addresses);
    if (address.kind === "fixed" && fixedOffset) {
      const start = offset.reduce((total, term) => total + term.factor * elementBytes[dtype], 0);
      const immediate = address.address + start;
      // Distances below 0 must be added to an address: the immediate offset of an instruction does not wrap around.
      const forwards = walk.steps.every(({ factor }) => factor >= 0);
      if (immediate >= 0 && forwards) return { dtype, walk, immediate, base: undefined, inner };
    }
    const base = this.#body.local("i32");
    pushStart(this.#body, view, this.#addresses);
    this.#body.set(base);
    return { dtype, walk, immediate: 0, base, inner };
  }

  /** Pushes the address of the access at the walk's place; `immediate` comes on top. */
  push({ walk, base }: Access): void {
    const body = this.#body;
    if (walk.local === undefined && base === undefined) body.i32(0);
    if (walk.local !== undefined) body.get(walk.local);
    if (base !== undefined) body.get(base);
    if (walk.local !== undefined && base !== undefined) body.op(i32.add);
  }

  pushSize(size: Size): Push {
    return () => pushSize(this.#body, size, this.#addresses);
  }
}
