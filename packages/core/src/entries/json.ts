export { allOps } from "../ops/all.ts";
export { type FromJSONOptions, fromJSON, type GraphJSON, toJSON } from "../serialize.ts";
