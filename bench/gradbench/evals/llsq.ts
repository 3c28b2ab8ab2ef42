import { type Expr, grad, iota, matmul, pad, sign, stack, sum, variable } from "@chainrule/core";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numberOf, numbersOf } from "../json.ts";

/** Powers in a row of the table of coefficients: `t^(8a + b) = (t⁸)^a t^b`. */
const WIDTH = 8;

/** `½ Σᵢ (sign tᵢ − Σⱼ xⱼ tᵢʲ)²` at n points evenly from −1 to 1. Shapes: x [m] → scalar. */
export function leastSquares(x: Expr, m: number, n: number): Expr {
  const t = iota(n, "f64")
    .mul(2)
    .div(n - 1)
    .sub(1);
  const rows = Math.ceil(m / WIDTH);
  const lows = powers(t, WIDTH);
  const high = stack(powers((lows.at(-1) as Expr).mul(t), rows));
  const padded = rows * WIDTH === m ? x : pad(x, [[0, rows * WIDTH - m]]);
  // Σⱼ xⱼ tʲ = Σₐ (t⁸)ᵃ Σ_b X_ab tᵇ: no table of all powers of all points is ever held.
  const inner = matmul(padded.reshape([rows, WIDTH]), stack(lows));
  const residual = sign(t).sub(sum(high.mul(inner), 0));
  return sum(residual.mul(residual)).div(2);
}

function powers(t: Expr, count: number): Expr[] {
  const found: Expr[] = [t.mul(0).add(1)];
  while (found.length < count) found.push((found.at(-1) as Expr).mul(t));
  return found;
}

const make =
  (which: "primal" | "gradient"): EvalFunction =>
  (input, clock) => {
    const fields = fieldsOf("llsq", input);
    const x = numbersOf("llsq", fields["x"]);
    const n = numberOf("llsq", fields["n"]);
    const f = executable(`llsq ${which} ${x.length} ${n}`, clock, () => {
      const v = variable("x", [x.length]);
      const y = leastSquares(v, x.length, n);
      return { inputs: { x: v }, outputs: { y: which === "primal" ? y : grad(y, v) } };
    });
    clock.time("prepare", () => f.set({ x }));
    return {
      run: f.run,
      output: () => (which === "primal" ? f.get("y") : Array.from(f.view("y"))),
    };
  };

/** Least squares of a polynomial. */
export const llsq: EvalModule = { primal: make("primal"), gradient: make("gradient") };
