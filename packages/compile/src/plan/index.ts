export type { Buffer, Layout, Slot } from "./layout.ts";
export { type Placement, placeBuffers } from "./placeBuffers.ts";
export type { Size } from "./size.ts";
