import { elementwise, real, type Unary } from "../../op.ts";

/** The same value, through which no derivative passes. */
export const stopGradient: Unary = elementwise({
  name: "stopGradient",
  domain: [real],
  evaluate: (x) => x,
  partials: [null],
  notation: { form: "silent" },
});
