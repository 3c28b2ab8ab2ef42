import {
  concat,
  constant,
  type Expr,
  exp,
  full,
  grad,
  logSumExp,
  matmul,
  sum,
  take,
  variable,
} from "@chainrule/core";
import type { EvalFunction, EvalModule } from "../evalModule.ts";
import { executable } from "../executable.ts";
import { fieldsOf, numberOf, numbersOf, rowsOf } from "../json.ts";
import { logGammaHalf } from "./logGammaHalf.ts";

/** Sizes and the prior's parameters. */
export interface MixtureOptions {
  readonly d: number;
  readonly k: number;
  readonly n: number;
  readonly m: number;
  readonly gamma: number;
}

/** What is differentiated, and the observations. Shapes: alpha [k], mu [k, d], q [k, d], l [k, d (d − 1) / 2], x [n, d]. */
export interface Mixture {
  readonly alpha: Expr;
  readonly mu: Expr;
  readonly q: Expr;
  readonly l: Expr;
  readonly x: Expr;
}

/**
 * Log posterior of a mixture of k Gaussians, precisions `QᵀQ` under a Wishart prior.
 *
 * Q (x − μ) is taken as Q x − Q μ, so that all components meet all observations in one product.
 * Source: GradBench, evals/gmm/README.md.
 */
export function logPosterior(parts: Mixture, { d, k, n, m, gamma }: MixtureOptions): Expr {
  const { alpha, mu, q, l, x } = parts;
  const diagonal = exp(q);
  const places = concat([diagonal, l, full(0, [k, 1])], 1);
  const factors = take(places, constant(triangle(d), "i32"), 1).reshape([k, d, d]);
  const centres = sum(factors.mul(mu.reshape([k, 1, d])), 2);
  const turned = matmul(x, factors.reshape([k * d, d]).transpose()).reshape([n, k, d]);
  const away = turned.sub(centres);
  const logDets = sum(q, 1);
  const terms = alpha.add(logDets).sub(sum(away.mul(away), 2).mul(0.5));
  const likelihood = sum(logSumExp(terms, 1)).sub(logSumExp(alpha).mul(n));
  const squares = sum(diagonal.mul(diagonal)).add(sum(l.mul(l)));
  const prior = squares.mul(0.5 * gamma * gamma).sub(sum(logDets).mul(m));
  return likelihood.sub(prior).add(constantTerm({ d, k, n, m, gamma }));
}

/** For each element of a d × d factor its place among the diagonal, the columns below it, and a zero. */
function triangle(d: number): number[] {
  const zero = d + (d * (d - 1)) / 2;
  const places = new Array<number>(d * d).fill(zero);
  let next = d;
  for (let column = 0; column < d; column++) {
    places[column * d + column] = column;
    for (let row = column + 1; row < d; row++) places[row * d + column] = next++;
  }
  return places;
}

/** What does not depend on parameters: the norms of the Gaussians and of the prior. */
function constantTerm({ d, k, n, m, gamma }: MixtureOptions): number {
  const freedom = d + m + 1;
  let logGamma = 0.25 * d * (d - 1) * Math.log(Math.PI);
  for (let j = 1; j <= d; j++) logGamma += logGammaHalf(freedom + 1 - j);
  const wishart = freedom * d * (Math.log(gamma) - 0.5 * Math.LN2) - logGamma;
  return -n * d * 0.5 * Math.log(2 * Math.PI) + k * wishart;
}

const make =
  (which: "objective" | "jacobian"): EvalFunction =>
  (input, clock) => {
    const fields = fieldsOf("gmm", input);
    const [d, k, n, m, gamma] = ["d", "k", "n", "m", "gamma"].map((name) =>
      numberOf(`gmm: ${name}`, fields[name]),
    ) as [number, number, number, number, number];
    const width = (d * (d - 1)) / 2;
    const shapes = { alpha: [k], mu: [k, d], q: [k, d], l: [k, width], x: [n, d] };
    const f = executable(`gmm ${which} ${[d, k, n, m, gamma].join()}`, clock, () => {
      const inputs = Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [name, variable(name, shape)]),
      ) as Record<keyof Mixture, Expr>;
      const y = logPosterior(inputs, { d, k, n, m, gamma });
      if (which === "objective") return { inputs, outputs: { y } };
      const wanted = [inputs.alpha, inputs.mu, inputs.q, inputs.l] as const;
      const [alpha, mu, q, l] = grad(y, wanted);
      return { inputs, outputs: { "∂alpha": alpha, "∂mu": mu, "∂q": q, "∂l": l } };
    });
    clock.time("prepare", () => {
      for (const name of Object.keys(shapes)) f.set({ [name]: numbersOf("gmm", fields[name]) });
    });
    const output = () =>
      which === "objective"
        ? f.get("y")
        : {
            alpha: Array.from(f.view("∂alpha")),
            mu: rowsOf(f.view("∂mu"), d, k),
            q: rowsOf(f.view("∂q"), d, k),
            l: rowsOf(f.view("∂l"), width, k),
          };
    return { run: f.run, output };
  };

/** A mixture of Gaussians. */
export const gmm: EvalModule = { objective: make("objective"), jacobian: make("jacobian") };
