import { type Expr, evaluate, relu, type Tensor, type Value } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { exportProgram } from "../../../packages/interop/src/onnx/export/exportProgram.ts";
import { valueLike } from "../../support/points.ts";
import { runModel } from "./runOnnx.ts";
import { asTensor, expectNear } from "./tensors.ts";

type Make = (dtype: "f64" | "f32") => nn.Trainer<never>;

const seed = 4;

/** Steps that differ in what they are made of: optimizers, clipping, randomness, statistics, loops. */
const makes: Readonly<Record<string, Make>> = {
  "dense, gradient descent": (dtype) =>
    nn.trainer(nn.sequential(nn.dense(4, relu), nn.dense(3)), {
      input: ["batch", 2],
      loss: nn.crossEntropy,
      optimizer: nn.gradientDescent({ rate: 0.1 }),
      seed,
      dtype,
    }) as never,
  "images, momentum, dropout": (dtype) =>
    nn.trainer(
      nn.sequential(
        nn.conv2d(2, 3, { padding: "same" }),
        relu,
        nn.maxPool2d(2),
        nn.batchNorm(),
        nn.flatten(),
        nn.dropout(0.25),
        nn.dense(3),
      ),
      {
        input: ["batch", 1, 4, 4],
        loss: nn.crossEntropy,
        optimizer: nn.momentum({ rate: 0.05, momentum: 0.9 }),
        seed,
        dtype,
      },
    ) as never,
  "sequences, adamw, clipped": (dtype) =>
    nn.trainer(nn.sequential(nn.recurrent(nn.lstmCell(3), { returns: "last" }), nn.dense(1)), {
      input: ["batch", 4, 2],
      loss: nn.mse,
      optimizer: nn.accumulate(nn.adamw({ rate: 0.01 }), 2),
      clip: nn.clipByGlobalNorm(1),
      seed,
      dtype,
    }) as never,
  // No adam here: a bias of keys has the gradient 0, of which it would make steps by rounding alone.
  "attention, nesterov": (dtype) =>
    nn.trainer(
      nn.sequential(
        nn.embedding(7, 4),
        nn.encoder(1, { heads: 2, hidden: 8 }) as never,
        nn.dense(7),
      ),
      {
        input: { shape: ["batch", 4], dtype: "i32" },
        loss: nn.crossEntropy,
        optimizer: nn.nesterov({ rate: 0.05, momentum: 0.9 }),
        seed,
        dtype,
      },
    ) as never,
};

const tolerances = { f64: 1e-10, f32: 5e-5 } as const;

describe.each(["f64", "f32"] as const)("steps of training in ONNX Runtime, %s", (dtype) => {
  it.each(Object.entries(makes))("%s", async (_name, make) => {
    const t = make(dtype);
    const { program } = t;
    const exported = exportProgram(program);
    const held = new Map(t.graph.held.map(({ name, node }) => [node, name]));
    const values = new Map<Expr, Value>();
    for (const [name, node] of exported.inputs) {
      const own = held.get(node);
      values.set(node, own === undefined ? batchOf(name, node) : t.get(own));
    }
    for (let step = 0; step < 3; step++) {
      const results = await runModel(exported, values);
      for (const [name, node] of exported.outputs) check(results.get(name), node, values, dtype);
      for (const [state, name] of exported.states) {
        const next = program.updates.get(state) as Expr;
        check(results.get(name), next, values, dtype);
      }
      // The runtime's own states go on, as they would without us.
      for (const [state, name] of exported.states) values.set(state, results.get(name) as Tensor);
    }
    expect(exported.states.size).toBeGreaterThan(4);
  });
});

function check(
  given: Tensor | undefined,
  node: Expr,
  values: ReadonlyMap<Expr, Value>,
  dtype: "f64" | "f32",
): void {
  const scalars = new Map(
    [...values].map(([input, value]) => [
      input,
      typeof value !== "number" && value.shape.length === 0 ? (value.data[0] as number) : value,
    ]),
  );
  const wanted = evaluate(node, scalars) as Value;
  expectNear(given as Tensor, asTensor(wanted, node.dtype), tolerances[dtype]);
}

/** A batch: classes and letters where they are whole numbers. */
function batchOf(name: string, node: Expr): Value {
  const value = asTensor(valueLike(node, name.length, { batch: 3 }), node.dtype);
  if (node.dtype === "i32") for (const i of value.data.keys()) value.data[i] = (i * 5 + 1) % 3;
  return value;
}
