import {
  type Bindable,
  BindingError,
  type Expr,
  Tensor,
  type TypedArray,
  variable,
} from "@chainrule/core";
import type { Slot } from "../plan/layout.ts";
import { arrayOf, isDetached } from "./viewOf.ts";

/** A named tensor, and the view that was last opened on it. */
export class Place {
  readonly slot: Slot;
  /** Class of arrays of its type. */
  readonly array: abstract new (
    length: number,
  ) => TypedArray;
  /** Whether a flat array says what its shape is: at most one axis has a named length. */
  readonly isFlat: boolean;
  view: TypedArray | undefined;
  #node: Expr | undefined;

  constructor(slot: Slot) {
    this.slot = slot;
    this.array = arrayOf(slot.dtype);
    let named = 0;
    for (const dim of slot.shape) if (typeof dim === "string") named++;
    this.isFlat = named <= 1;
    this.view = undefined;
    this.#node = undefined;
  }

  /** What core's checks know an input by; made when one is needed, since programs of scalars have thousands. */
  get node(): Expr {
    const { name, shape, dtype } = this.slot;
    this.#node ??= variable(name, shape, dtype);
    return this.#node;
  }
}

/** How many names a message lists. */
const LISTED = 10;

/** Elements up to which a loop is faster than a call of the engine's. */
const FEW = 8;

/** Copies elements to an array that is at least as long. */
export function copy(from: TypedArray, to: TypedArray): void {
  if (from.length > FEW) to.set(from);
  else for (let i = 0; i < from.length; i++) to[i] = from[i] as number;
}

/** Names for a message. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "there is none";
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return names.slice(0, LISTED).join(", ") + more;
}

/** Throws BindingError for an array whose memory has gone elsewhere. */
export function attached(name: string, value: Bindable): Bindable {
  const data: unknown = value instanceof Tensor ? value.data : value;
  if (ArrayBuffer.isView(data) && isDetached(data)) {
    throw new BindingError(`run: ${name} must have its memory, got an array that was detached`);
  }
  return value;
}
