import type { DType } from "../dtype.ts";
import { named } from "../notation.ts";
import type { Elements } from "../op.ts";
import type { Value } from "../tensor.ts";
import { logicalAnd, logicalOr } from "./comparison.ts";
import { constant } from "./leaf.ts";
import { type Reduction, reduceElements, reduceValue, reduction } from "./reduce.ts";

/** Whether any element over some axes, or all, is not 0; false of nothing. */
export const any: Reduction = /* @__PURE__ */ reduction({
  name: "any",
  result: (): DType => "bool",
  evaluate: ([x], node) =>
    reduceValue(x as Value, node, (read, length) => {
      for (let k = 0; k < length; k++) if (read(k) !== 0) return 1;
      return 0;
    }),
  elements: (node, [x]) =>
    reduceElements(node, x as Elements, (members) =>
      members.reduce((a, b) => logicalOr(a, b), constant(0, "bool")),
    ),
  notation: named("any"),
});

/** Whether all elements over some axes, or all, are not 0; true of nothing. */
export const all: Reduction = /* @__PURE__ */ reduction({
  name: "all",
  result: (): DType => "bool",
  evaluate: ([x], node) =>
    reduceValue(x as Value, node, (read, length) => {
      for (let k = 0; k < length; k++) if (read(k) === 0) return 0;
      return 1;
    }),
  elements: (node, [x]) =>
    reduceElements(node, x as Elements, (members) =>
      members.reduce((a, b) => logicalAnd(a, b), constant(1, "bool")),
    ),
  notation: named("all"),
});
