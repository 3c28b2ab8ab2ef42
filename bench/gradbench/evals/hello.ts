import { grad, scalar } from "@chainrule/core";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { numberOf } from "../json.ts";

const make =
  (which: "square" | "double"): EvalFunction =>
  (input, clock) => {
    const f = executable(`hello ${which}`, clock, () => {
      const x = scalar("x");
      const square = x.mul(x);
      return { inputs: { x }, outputs: { y: which === "square" ? square : grad(square, x) } };
    });
    f.set({ x: numberOf("hello", input) });
    return { run: f.run, output: () => f.get("y") };
  };

/** `x²`, and its derivative, which doubles x. */
export const hello: EvalModule = { square: make("square"), double: make("double") };
