import type { Op } from "../op.ts";
import { callItems } from "./control/call.ts";
import * as exported from "./index.ts";
import { item } from "./tuple.ts";

/** Ops that only derivatives and sub-graphs make, and no user calls. */
const internal: readonly Op[] = [callItems.op, item.op];

function opOf(value: unknown): readonly Op[] {
  return typeof value === "function" && "op" in value ? [value.op as Op] : [];
}

/**
 * Every op there is, in the order of their names: what laws are tested over and files may name.
 *
 * Found among the exports of this folder, so that a new op belongs to it by being exported.
 */
export const allOps: readonly Op[] = /* @__PURE__ */ [
  ...new Set([...Object.values(exported).flatMap(opOf), ...internal]),
].sort((a, b) => (a.name < b.name ? -1 : 1));
