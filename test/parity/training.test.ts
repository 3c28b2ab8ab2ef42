import { type Expr, gelu, mean, relu, Tensor, tanh } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { expectClose } from "./expectClose.ts";
import { readFixture } from "./readFixture.ts";
import * as torch from "./torchWeights.ts";

interface TrainingCase {
  readonly name: keyof typeof networks;
  readonly steps: number;
  readonly optimizer: "adam" | "adamw" | "momentum" | "rmsprop";
  readonly settings: { readonly rate: number };
  readonly loss: "bceWithLogits" | "crossEntropy" | "mse";
}

interface Network {
  readonly model: nn.LayerLike;
  readonly input: nn.InputSpec;
  readonly convert: torch.Convert;
}

const losses = { bceWithLogits: nn.bceWithLogits, crossEntropy: nn.crossEntropy, mse: nn.mse };

const optimizers = { adam: nn.adam, adamw: nn.adamw, momentum: nn.momentum, rmsprop: nn.rmsprop };

/** The kink as PyTorch has it. */
const rectify = (x: Expr): Expr => relu(x, { atZero: 0 });

const meanOverTime = (x: Expr): Expr => mean(x, 1);

const block = nn.transformerBlock({
  heads: 2,
  hidden: 16,
  norm: "before",
  activation: (x: Expr) => gelu(x),
});

const networks = {
  mlp: {
    model: nn.sequential(nn.dense(8), tanh, nn.dense(1)),
    input: ["batch", 2],
    convert: torch.together(
      torch.under("dense.", "0.", torch.linear),
      torch.under("dense2.", "2.", torch.linear),
    ),
  },
  cnn: {
    model: nn.sequential(
      nn.conv2d(3, 3, { padding: 1 }),
      rectify,
      nn.maxPool2d(2),
      nn.flatten(),
      nn.dense(4),
    ),
    input: ["batch", 1, 6, 6],
    convert: torch.together(
      torch.under("conv2d.", "0.", torch.kernel),
      torch.under("dense.", "4.", torch.linear),
    ),
  },
  lstm: {
    model: nn.sequential(nn.recurrent(nn.lstmCell(5), { returns: "last" }), nn.dense(1)),
    input: ["batch", 6, 2],
    convert: torch.together(
      torch.under("lstm.", "lstm.", torch.recurrent),
      torch.under("dense.", "dense.", torch.linear),
    ),
  },
  transformer: {
    model: nn.sequential(nn.embedding(6, 8), block as nn.Layer, meanOverTime, nn.dense(3)),
    input: { shape: ["batch", 5], dtype: "i32" },
    convert: torch.together(
      torch.under("embedding.", "embedding.", torch.table),
      torch.under("transformerBlock.", "block.", torch.block),
      torch.under("dense.", "dense.", torch.linear),
    ),
  },
} as const satisfies Record<string, Network>;

const { cases, tensor } = readFixture<TrainingCase>("training");

/** A step's part of all batches. */
function batch(all: Tensor, step: number): Tensor {
  const part = torch.rows(all, step, step + 1);
  return new Tensor(part.shape.slice(1), part.data);
}

describe("twenty training steps end where PyTorch's end", () => {
  for (const engine of ["compiled", "interpreted"] as const) {
    it.each(cases)(`$name, ${engine}`, ({ name, steps, optimizer, settings, loss }) => {
      const { model, input, convert } = networks[name];
      const t = nn.trainer(model, {
        input,
        engine,
        seed: 1,
        loss: (output: Expr, target: Expr) => losses[loss](output, target),
        target: loss === "crossEntropy" ? { shape: ["batch"], dtype: "i32" } : ["batch", 1],
        optimizer: optimizers[optimizer](settings),
      });
      const before = convert((key) => tensor(`${name}/before/${key}`), "weights");
      expect(Object.keys(before).sort()).toEqual([...t.parameters].sort());
      for (const [path, value] of Object.entries(before)) t.set(path, value);
      const inputs = tensor(`${name}/inputs`);
      const targets = tensor(`${name}/targets`);
      const found = Array.from({ length: steps }, (_, k) => {
        return t.step({ inputs: batch(inputs, k), targets: batch(targets, k) }).loss;
      });
      expectClose(
        "losses",
        new Tensor([steps], Float64Array.from(found)),
        tensor(`${name}/losses`),
        1e-8,
      );
      const after = convert((key) => tensor(`${name}/after/${key}`), "weights");
      for (const [path, value] of Object.entries(after)) {
        expectClose(path, t.get(path), value, 1e-8);
      }
    });
  }
});
