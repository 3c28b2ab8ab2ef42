import { backprop, type Expr, Program, tanh, variable } from "@chainrule/core";

/** A recurrent network of one neuron. */
export interface Recurrent {
  /** From the input. */
  readonly w: number;
  /** From its own output a step before. */
  readonly u: number;
  readonly b: number;
  /** What comes in, step by step. */
  readonly inputs: readonly number[];
}

/** A step in time: what goes in, what the neuron puts out, and what of it reaches the last output. */
export interface TimeStep {
  readonly input: number;
  readonly output: number;
  /** `∂h_T/∂h_t` */
  readonly gradient: number;
  /** `∂h_T/∂x_t` */
  readonly fromInput: number;
}

/** The unrolled network and its steps. */
export interface Unrolled {
  readonly program: Program;
  readonly values: Readonly<Record<string, number>>;
  readonly steps: readonly TimeStep[];
  /** `∂h_T/∂u`: the one weight is used at every step, so it is a sum over all of them. */
  readonly byU: number;
}

/** `h_t = tanh(w x_t + u h_{t−1} + b)`, unrolled over the inputs; h_0 = 0. */
export function unroll({ w, u, b, inputs }: Recurrent): Unrolled {
  const [weight, recurrent, bias] = [variable("w"), variable("u"), variable("b")];
  const definitions: Record<string, Expr> = {};
  const xs = inputs.map((_, t) => variable(`x_${t + 1}`));
  const hs: Expr[] = [];
  for (const [t, x] of xs.entries()) {
    const before = hs.at(-1);
    const sum = before === undefined ? weight.mul(x) : weight.mul(x).add(recurrent.mul(before));
    const h = tanh(sum.add(bias));
    definitions[`h_${t + 1}`] = h;
    hs.push(h);
  }
  const program = new Program({ definitions });
  const given = Object.fromEntries(inputs.map((input, t) => [`x_${t + 1}`, input]));
  const values = { ...given, w, u, b };
  const trace = backprop(program, values);
  const adjoint = (node: Expr): number => (trace.at(node)?.adjoint as number | undefined) ?? 0;
  return {
    program,
    values,
    steps: inputs.map((input, t) => ({
      input,
      output: trace.at(hs[t] as Expr)?.value as number,
      gradient: adjoint(hs[t] as Expr),
      fromInput: adjoint(xs[t] as Expr),
    })),
    byU: adjoint(recurrent),
  };
}
