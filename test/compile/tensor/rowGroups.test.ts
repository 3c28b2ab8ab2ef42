import {
  add,
  div,
  type Expr,
  exp,
  grad,
  mean,
  mul,
  sin,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  transpose,
  type Value,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { instantiate } from "../../../packages/compile/src/executable/instantiate.ts";
import { checkParts } from "../../../packages/compile/src/parts.ts";
import type { RowsStep } from "../../../packages/compile/src/tensor/step.ts";
import {
  planTensors,
  type TensorOptions,
  tensorModule,
} from "../../../packages/compile/src/tensor/tensorModule.ts";
import { valueLike } from "../../support/points.ts";
import { sameBits } from "./close.ts";

type Outputs = Readonly<Record<string, Expr>>;

function groupsOf(outputs: Outputs, options: TensorOptions = {}): RowsStep[] {
  const { steps } = planTensors(checkParts({ outputs }), options);
  return steps.filter((step) => step.kind === "rows");
}

/** Layer norm over the last axis. */
function norm(x: Expr): Expr {
  const centred = sub(x, mean(x, -1, { keepDims: true }));
  const variance = mean(square(centred), -1, { keepDims: true });
  return div(centred, sqrt(add(variance, 1e-5)));
}

/** Columns are sums over rows: they add up in memory while rows pass. */
function withGradients(make: (x: Expr) => Expr, x: Expr): Outputs {
  const weights = variable("weights", [x.shape.at(-1) as number]);
  const y = mul(make(x), weights);
  const [dx, dw] = grad(sum(sin(y)), [x, weights]) as [Expr, Expr];
  return { y, dx, dw };
}

const samples: Readonly<Record<string, () => Outputs>> = {
  softmax: () => withGradients(softmax, variable("x", [3, 41, 67])),
  norm: () => withGradients(norm, variable("x", [123, 67])),
  "rows of rows": () => {
    const x = variable("x", [9, 40, 50]);
    const scaled = div(exp(x), sum(exp(x), [1, 2], { keepDims: true }));
    return {
      scaled,
      means: mean(scaled, -1),
      squares: sum(square(sub(scaled, mean(x, -1, { keepDims: true }))), -1),
    };
  },
  "named rows": () => withGradients(norm, variable("x", ["batch", 67])),
  "rows of a named length": () => {
    const x = variable("x", [31, "length"]);
    return { y: softmax(x), dx: grad(sum(sin(softmax(x))), x) };
  },
};

const sizes = { batch: 121, length: 77 };

describe("loops over the same rows", () => {
  it.each(Object.keys(samples))("change no bit: %s", (name) => {
    const outputs = samples[name]?.() as Outputs;
    const parts = checkParts({ outputs });
    const given: Record<string, Value> = {};
    for (const [input, node] of Object.entries(parts.inputs)) {
      const shape = node.shape.map((dim) =>
        typeof dim === "string" ? sizes[dim as keyof typeof sizes] : dim,
      );
      given[input] = valueLike({ dtype: node.dtype, shape }, 5);
    }
    const apart = instantiate(tensorModule(parts, { fuse: false, reuse: false }))(given);
    for (const near of [64, 3000, 32_768]) {
      expect(groupsOf(outputs, { near }).length, String(near)).toBeGreaterThan(0);
      for (const threads of [1, 3]) {
        const run = instantiate(tensorModule(parts, { near, threads }));
        for (let round = 0; round < 2; round++) {
          const got = run(given);
          for (const [key, value] of Object.entries(apart)) {
            expect(sameBits(got[key] as Value, value), `${key}, ${near}, ${threads}`).toBe(true);
          }
        }
        run.dispose();
      }
    }
  });

  it("are one pass of a softmax and its gradient", () => {
    const x = variable("x", [512, 128]);
    const outputs = { y: softmax(x), dx: grad(sum(sin(softmax(x))), x) };
    const { steps } = planTensors(checkParts({ outputs }));
    expect(steps.map(({ kind }) => kind)).toEqual(["rows"]);
  });

  it("keep for one block what only they need", () => {
    const x = variable("x", [4096, 128]);
    const parts = checkParts({ outputs: { y: sum(square(softmax(x)), 1) } });
    const bytes = (options: TensorOptions): number =>
      tensorModule(parts, options).explanation.memoryBytes;
    const input = 8 * 4096 * 128;
    expect(bytes({ near: 2 ** 30 })).toBeGreaterThan(2 * input);
    expect(bytes({})).toBeLessThan(1.2 * input);
  });

  it("stay apart where one needs other rows of what another made", () => {
    const x = variable("x", [256, 256]);
    const y = exp(sub(x, sum(x, -1, { keepDims: true })));
    const z = mul(sum(mul(transpose(y), x), -1, { keepDims: true }), x);
    const [group, ...others] = groupsOf({ z }, { near: 64 });
    const loops = [group, ...others].flatMap((one) =>
      one === undefined ? [] : [one.loops.length],
    );
    const { steps } = planTensors(checkParts({ outputs: { z } }), { near: 64 });
    expect(steps.length).toBeGreaterThan(1);
    expect(Math.max(...loops)).toBeLessThan(4);
  });

  it("stay apart where rows are read after all of them are summed", () => {
    const x = variable("x", [256, 64]);
    const centred = sub(x, mean(x, 0, { keepDims: true }));
    expect(groupsOf({ y: exp(centred) }, { near: 64 })).toEqual([]);
  });
});
