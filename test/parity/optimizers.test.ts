import { evaluate, Tensor, type Value, variable } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, it } from "vitest";
import { expectClose } from "./expectClose.ts";
import { precisions, readFixture } from "./readFixture.ts";

interface OptimizerCase {
  readonly name: string;
  readonly optimizer: string;
  readonly options: Record<string, number>;
  readonly pull: number;
  readonly batches: number;
  readonly transform: { readonly value?: number; readonly norm?: number } | null;
}

const { adagrad, adam, adamw, gradientDescent, lion, momentum, nesterov, rmsprop } = nn;

const byName: Readonly<Record<string, unknown>> = {
  adagrad,
  adam,
  adamw,
  gradientDescent,
  lion,
  momentum,
  nesterov,
  rmsprop,
};

const { cases, tensor } = readFixture<OptimizerCase>("optimizers");

const steps = 20;

function made({ optimizer, options, batches }: OptimizerCase): nn.Optimizer {
  const rule = (byName[optimizer] as (options: Record<string, number>) => nn.Optimizer)(options);
  return batches === 1 ? rule : nn.accumulate(rule, batches);
}

function transformOf({ transform }: OptimizerCase): nn.GradientTransform {
  if (transform?.value !== undefined) return nn.clipByValue(transform.value);
  if (transform?.norm !== undefined) return nn.clipByGlobalNorm(transform.norm);
  return (gradients) => gradients;
}

function row(all: Tensor, step: number): Tensor {
  const shape = all.shape.slice(1);
  const size = all.data.length / (all.shape[0] as number);
  return new Tensor(shape, all.data.slice(step * size, (step + 1) * size));
}

describe("optimizers walk PyTorch's way", () => {
  for (const { dtype, tolerance } of precisions) {
    const ours = cases.filter(({ optimizer }) => optimizer !== "lbfgs");
    it.each(ours)(`$name in ${dtype}`, (given) => {
      const optimizer = made(given);
      const names = ["a", "b"] as const;
      const starts = names.map((name) => tensor(`start/${dtype}/${name}`));
      const noise = names.map((name) => tensor(`noise/${dtype}/${name}`));
      // One step as a graph, run by the interpreter on values that move.
      const step = variable("step");
      const parts = names.map((name, i) => {
        const { shape } = starts[i] as Tensor;
        const parameter = variable(name, shape, dtype);
        const wind = variable(`${name} noise`, shape, dtype);
        return { name, parameter, gradient: parameter.mul(given.pull).add(wind) };
      });
      const gradients = transformOf(given)(parts.map(({ gradient }) => gradient));
      const values = new Map<string, Value>(names.map((name, i) => [name, starts[i] as Tensor]));
      const updates = parts.map(({ name, parameter }, i) => {
        const slots = Object.entries(optimizer.slots(parameter));
        for (const [slot, { initial }] of slots) {
          const data = (starts[i] as Tensor).data.slice().fill(initial);
          values.set(`${name} ${slot}`, new Tensor(parameter.shape as number[], data));
        }
        return optimizer.update({
          parameter,
          gradient: gradients[i] as typeof parameter,
          slots: Object.fromEntries(
            slots.map(([slot]) => [slot, variable(`${name} ${slot}`, parameter.shape, dtype)]),
          ),
          step,
          rate: nn.rateAt(optimizer, step, dtype),
        });
      });
      const outputs = Object.fromEntries(
        updates.flatMap(({ next, slots }, i) => [
          [names[i], next],
          ...Object.entries(slots).map(([slot, expr]) => [`${names[i]} ${slot}`, expr] as const),
        ]),
      );
      for (let k = 0; k < steps; k++) {
        const winds = names.map((name, i) => [`${name} noise`, row(noise[i] as Tensor, k)]);
        const bindings = { ...Object.fromEntries([...values, ...winds]), step: k };
        for (const [name, value] of Object.entries(evaluate(outputs, bindings))) {
          values.set(name, value);
        }
        for (const name of names) {
          const expected = row(tensor(`${given.name}/${dtype}/${name}`), k);
          expectClose(
            `${name} after step ${k + 1}`,
            values.get(name) as Value,
            expected,
            tolerance,
          );
        }
      }
    });
  }
});
