import { torchType } from "../literals.ts";
import type { Rule } from "../translate.ts";

/** Random numbers from explicit keys: the same bits as everywhere else. */
export const randomRules: Readonly<Record<string, Rule>> = {
  randomBits: (t) => t.helper("random_bits", t.arg(0, { tensor: true }), t.sizes(t.node.shape)),
  randomUniform: (t) =>
    t.helper(
      "random_uniform",
      t.arg(0, { tensor: true }),
      t.sizes(t.node.shape),
      torchType(t.node.dtype),
    ),
  threefry: (t) => t.helper("threefry", t.arg(0, { tensor: true }), t.arg(1, { tensor: true })),
};
