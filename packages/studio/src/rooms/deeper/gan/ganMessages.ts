import type { GanView } from "./ganGame.ts";

/** What the page asks of the worker. */
export type GanOrder =
  | { readonly kind: "begin"; readonly seed: number }
  | { readonly kind: "play"; readonly steps: number };

/** What the worker answers; `error` where the game could not go on. */
export type GanAnswer =
  | { readonly kind: "begun"; readonly real: readonly number[]; readonly view: GanView }
  | { readonly kind: "played"; readonly view: GanView }
  | { readonly kind: "error"; readonly message: string };
