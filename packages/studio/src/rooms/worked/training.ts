import { compile } from "@chainrule/compile";
import { constant, type Expr, grad, variable } from "@chainrule/core";
import { gradientDescent } from "@chainrule/nn";
import { input, type Numbers, network, trained } from "./network.ts";

/** Training from some numbers on. */
export interface Training {
  /** The numbers after the steps. */
  readonly numbers: Numbers;
  /** E before the first step, after it, and so on: one more than steps. */
  readonly errors: readonly number[];
}

type Step = (numbers: Numbers & { readonly rate: number }) => Readonly<Record<string, number>>;

/** One step of gradient descent as one compiled program: E, and each new number by its name. */
function compiledStep(biases: boolean): Step {
  const names = trained(biases);
  const eta = variable("rate");
  const { update } = gradientDescent({ rate: 0.6 });
  const parameters = names.map(input);
  const gradients = grad(network.result, parameters);
  const next = parameters.map((parameter, i): [string, Expr] => {
    const gradient = gradients[i] as Expr;
    const parts = { parameter, gradient, slots: {}, step: constant(0), rate: eta };
    return [names[i] as string, update(parts).next];
  });
  const inputs = { ...network.variables, rate: eta };
  const outputs = { E: network.result, ...Object.fromEntries(next) };
  return compile({ inputs, outputs }) as unknown as Step;
}

const steps = new Map<boolean, Step>();

function stepOf(biases: boolean): Step {
  const known = steps.get(biases);
  if (known !== undefined) return known;
  const made = compiledStep(biases);
  steps.set(biases, made);
  return made;
}

/** So many steps of gradient descent on the one example; hidden gradients use the weights of before the step. */
export function train(start: Numbers, rate: number, count: number, biases: boolean): Training {
  const step = stepOf(biases);
  const errors: number[] = [];
  let numbers = start;
  for (let i = 0; i <= count; i++) {
    const { E, ...next } = step({ ...numbers, rate });
    errors.push(E as number);
    if (i < count) numbers = { ...numbers, ...next };
  }
  return { numbers, errors };
}
