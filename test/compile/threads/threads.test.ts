import { compile } from "@chainrule/compile";
import {
  add,
  type Expr,
  elementwise,
  exp,
  grad,
  logSoftmax,
  matmul,
  mean,
  mul,
  named,
  relu,
  softmax,
  square,
  sub,
  sum,
  Tensor,
  tanh,
  type Value,
  variable,
} from "@chainrule/core";
import { map } from "@chainrule/core/control";
import { describe, expect, it } from "vitest";
import { valueLike } from "../../support/points.ts";
import { sameBits } from "../tensor/close.ts";

interface Sample {
  readonly inputs: Readonly<Record<string, Expr>>;
  readonly outputs: Readonly<Record<string, Expr>>;
  readonly updates?: ReadonlyMap<Expr, Expr>;
}

/** Programs long enough to be divided. */
const samples: Readonly<Record<string, () => Sample>> = {
  loops: () => {
    const x = variable("x", [67, 1001]);
    const y = softmax(exp(tanh(x)));
    return { inputs: { x }, outputs: { y, rows: sum(y, 1), columns: sum(y, 0), all: sum(y) } };
  },
  "sums over outer axes": () => {
    const x = variable("x", [67, 1001]);
    const z = variable("z", [37, 41, 53], "f32");
    const outputs = {
      columns: sum(tanh(x), 0),
      middle: sum(exp(z), [0, 2]),
      inner: sum(z, [0, 1]),
    };
    return { inputs: { x, z }, outputs };
  },
  products: () => {
    const a = variable("a", [97, 130], "f32");
    const b = variable("b", [130, 203], "f32");
    const s = variable("s", [6, 64, 64]);
    const t = variable("t", [6, 64, 64]);
    const tall = matmul(a, b);
    const [da, db] = grad(sum(square(tall)), [a, b]) as [Expr, Expr];
    return { inputs: { a, b, s, t }, outputs: { tall, da, db, stack: matmul(s, t) } };
  },
  training: () => {
    const x = variable("x", ["batch", 100], "f32");
    const y = variable("y", ["batch", 10], "f32");
    const w = variable("w", [100, 128], "f32");
    const v = variable("v", [128, 10], "f32");
    const logits = matmul(relu(matmul(x, w)), v);
    const loss = mul(-1, mean(sum(mul(logSoftmax(logits), y), -1)));
    const [dw, dv] = grad(loss, [w, v]) as [Expr, Expr];
    const updates = new Map([
      [w, sub(w, mul(0.1, dw))] as const,
      [v, sub(v, mul(0.1, dv))] as const,
    ]);
    return { inputs: { x, y, w, v }, outputs: { loss }, updates };
  },
  "a user's kernel, which no other thread may call": () => {
    const cubed = elementwise({
      name: "cubed",
      domain: [{ low: -2, high: 2 }],
      evaluate: (x: number) => x * x * x,
      partials: [null],
      notation: named("cubed"),
    });
    const x = variable("x", [230, 200]);
    const y = map((row) => cubed(exp(row as Expr)), x) as Expr;
    return { inputs: { x }, outputs: { all: softmax(cubed(tanh(x))), rows: sum(cubed(x), 1), y } };
  },
  maps: () => {
    const x = variable("x", [5001, 3]);
    const k = variable("k");
    const y = map((row) => mul(exp(mul(k, row as Expr)), sum(tanh(row as Expr))), x) as Expr;
    return { inputs: { x, k }, outputs: { y, z: map((row) => add(row as Expr, k), x) as Expr } };
  },
};

function valuesOf({ inputs }: Sample): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input], i) => {
      const shape = input.shape.map((dim) => (typeof dim === "number" ? dim : 96));
      return [name, valueLike(variable(name, shape, input.dtype), i + 1)];
    }),
  );
}

describe("threads", () => {
  it.each(Object.entries(samples))("change no bit of %s", async (_name, make) => {
    const sample = make();
    const values = valuesOf(sample);
    const one = compile(sample, { as: "tensors" });
    const several = compile(sample, { as: "tensors", threads: 3 });
    for (let run = 0; run < 6; run++) {
      const expected = one(run === 0 ? values : {});
      const got = several(run === 0 ? values : {});
      for (const name of Object.keys(sample.outputs)) {
        expect(sameBits(got[name] as Value, expected[name] as Value), `${name}, run ${run}`).toBe(
          true,
        );
      }
      // Threads begin while this one rests; until then the others do their parts.
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    for (const name of Object.keys(sample.inputs)) {
      expect(sameBits(several.get(name), one.get(name)), name).toBe(true);
    }
  });

  it("take new sizes", async () => {
    const x = variable("x", ["n", 64]);
    const g = compile({ inputs: { x }, outputs: { y: exp(exp(x)) } }, { threads: 2 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const n of [3000, 10, 4000]) {
      const value = new Tensor([n, 64], new Float64Array(n * 64).fill(0.5));
      const { data } = g({ x: value })["y"] as Tensor;
      expect(data.length).toBe(64 * n);
      expect(data.every((one) => one === data[0] && one > 5)).toBe(true);
    }
  });

  it("are asked for in whole numbers", () => {
    const x = variable("x");
    expect(() => compile({ outputs: { y: exp(x) } }, { threads: 0 })).toThrow(/threads must be/);
  });
});
