import type { Expr } from "@chainrule/core";
import type { View } from "./view.ts";

/** Where a node's value is: in memory from a step on, computed in a loop, or both. */
export interface Place {
  view: View | undefined;
  /** The step after which the view may be read; −1 for what is there from the start. */
  step: number;
  loop: { readonly step: number; readonly index: number } | undefined;
}

/** The name of a result of a node with several. */
export function itemKey(tuple: Expr | undefined, { index }: Expr["attributes"]): string {
  return `${tuple?.id} ${index}`;
}

/** What lies in memory after a step. */
export function inMemory(view: View, step: number): Place {
  return { view, step, loop: undefined };
}
