import type { Signal } from "@preact/signals";

/** An edge by the names of its ends, as `∂of/∂by` names them. */
export interface LitEdge {
  readonly of: string;
  readonly by: string;
}

/** What is pointed at, in a formula or in the drawing; both light up. */
export type Lit = Signal<LitEdge | undefined>;

/** Whether an edge is the one pointed at. */
export function isLit({ value }: Lit, { of, by }: LitEdge): boolean {
  return value?.of === of && value.by === by;
}
