export { allOps } from "../ops/all.ts";
export { type FromJSONOptions, fromJSON } from "../serialize/fromJSON.ts";
export type { GraphJSON } from "../serialize/graphJSON.ts";
export { toJSON } from "../serialize/toJSON.ts";
