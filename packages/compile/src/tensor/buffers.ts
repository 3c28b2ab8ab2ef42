import type { DType, Expr, Shape, Tensor } from "@chainrule/core";
import { elementBytes } from "../plan/elementBytes.ts";
import { countOf, fixed, type Size, sameSize, times } from "../plan/size.ts";
import { isContiguous, type View } from "./view.ts";

/** Memory that a program needs, before it is known where it lies. */
export class Buffers {
  readonly #bytes: Size[] = [];
  readonly #always = new Set<number>();
  readonly #constants = new Map<Tensor, number>();
  #windows = 0;

  get count(): number {
    return this.#bytes.length;
  }

  get windows(): number {
    return this.#windows;
  }

  /** A new window. */
  window(): number {
    return this.#windows++;
  }

  /** Constant tensors and their buffers. */
  get constants(): ReadonlyMap<Tensor, number> {
    return this.#constants;
  }

  /** A buffer for a tensor. */
  add({ shape, dtype }: { readonly shape: Shape; readonly dtype: DType }): number {
    return this.raw(times(fixed(elementBytes[dtype]), countOf(shape)));
  }

  /** A buffer of so many bytes. */
  raw(bytes: Size): number {
    return this.#bytes.push(bytes) - 1;
  }

  /** A buffer that keeps its content from run to run. */
  lasting(type: { readonly shape: Shape; readonly dtype: DType }): number {
    const buffer = this.add(type);
    this.#always.add(buffer);
    return buffer;
  }

  /** Lets a buffer keep its content from run to run. */
  keep(buffer: number): void {
    this.#always.add(buffer);
  }

  /** The buffer that the elements of a tensor fill from end to end, unless it keeps its content as it is. */
  filledBy(tensor: Pick<Expr, "shape" | "dtype">, view: View | undefined): number | undefined {
    if (view?.source.kind !== "buffer" || view.dtype !== tensor.dtype) return undefined;
    const { buffer } = view.source;
    const bytes = times(fixed(elementBytes[tensor.dtype]), countOf(tensor.shape));
    const fills = isContiguous(view) && view.offset.length === 0;
    const isFree = !this.isLasting(buffer);
    return fills && isFree && sameSize(bytes, this.bytes(buffer)) ? buffer : undefined;
  }

  /** The buffer of a constant, the same for the same tensor. */
  constant(value: Tensor): number {
    const known = this.#constants.get(value);
    if (known !== undefined) return known;
    const buffer = this.lasting(value);
    this.#constants.set(value, buffer);
    return buffer;
  }

  bytes(buffer: number): Size {
    return this.#bytes[buffer] as Size;
  }

  isLasting(buffer: number): boolean {
    return this.#always.has(buffer);
  }
}
