import { concat, constant, type Expr, full, grad, pick, slice, variable } from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numberOf, numbersOf } from "../json.ts";

/**
 * `y(2)` of `y₀' = x₀ · before, yᵢ' = xᵢ yᵢ₋₁` from y = 0, in s steps of Runge and Kutta's fourth order.
 *
 * Shapes: x [n] → [n].
 */
export function trajectory(x: Expr, n: number, s: number, before = 1): Expr {
  const h = 2 / s;
  const slope = (y: Expr): Expr => x.mul(concat([constant([before]), slice(y, 0, 0, n - 1)]));
  const step = (y: Expr): [Expr, undefined] => {
    const k1 = slope(y);
    const k2 = slope(y.add(k1.mul(h / 2)));
    const k3 = slope(y.add(k2.mul(h / 2)));
    const k4 = slope(y.add(k3.mul(h)));
    return [
      y.add(
        k1
          .add(k2.mul(2))
          .add(k3.mul(2))
          .add(k4)
          .mul(h / 6),
      ),
      undefined,
    ];
  };
  return scan(step, full(0, [n]), undefined, { length: s })[0];
}

const primal: EvalFunction = (input, clock) => {
  const fields = fieldsOf("ode", input);
  const x = numbersOf("ode", fields["x"]);
  const s = numberOf("ode", fields["s"]);
  const n = x.length;
  const f = executable(
    `ode primal ${n} ${s}`,
    clock,
    () => {
      const v = variable("x", [n]);
      return { inputs: { x: v }, outputs: { y: trajectory(v, n, s) } };
    },
    { as: "tensors" },
  );
  f.set({ x });
  return { run: f.run, output: () => Array.from(f.view("y")) };
};

/**
 * Gradient of the last component. A step reads four components to the left, and y begins as zeros: after s steps the
 * last one reads the last 4s of x alone, the row of the Jacobian is zero before, and the rest needs not be computed.
 */
const gradient: EvalFunction = (input, clock) => {
  const fields = fieldsOf("ode", input);
  const x = numbersOf("ode", fields["x"]);
  const s = numberOf("ode", fields["s"]);
  const n = x.length;
  const read = Math.min(n, 4 * s);
  const f = executable(
    `ode gradient ${read} ${read === n} ${s}`,
    clock,
    () => {
      const v = variable("x", [read]);
      const last = pick(trajectory(v, read, s, read === n ? 1 : 0), 0, -1);
      return { inputs: { x: v }, outputs: { y: grad(last, v) } };
    },
    { as: "tensors" },
  );
  f.set({ x: x.subarray(n - read) });
  const result = new Float64Array(n);
  const run = () => {
    f.run();
    result.fill(0, 0, n - read);
    result.set(f.view("y"), n - read);
  };
  return { run, output: () => Array.from(result) };
};

/** An ordinary differential equation by Runge and Kutta. */
export const ode: EvalModule = { primal, gradient };
