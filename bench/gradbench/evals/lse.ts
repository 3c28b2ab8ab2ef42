import { grad, logSumExp, variable } from "@chainrule/core";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numbersOf } from "../json.ts";

const make =
  (which: "primal" | "gradient"): EvalFunction =>
  (input, clock) => {
    const x = numbersOf("lse", fieldsOf("lse", input)["x"]);
    const f = executable(`lse ${which}`, clock, () => {
      const v = variable("x", ["n"]);
      const y = logSumExp(v);
      return { inputs: { x: v }, outputs: { y: which === "primal" ? y : grad(y, v) } };
    });
    clock.time("prepare", () => f.set({ x }));
    return {
      run: f.run,
      output: () => (which === "primal" ? f.get("y") : Array.from(f.view("y"))),
    };
  };

/** `log Σ exp xᵢ`. */
export const lse: EvalModule = { primal: make("primal"), gradient: make("gradient") };
