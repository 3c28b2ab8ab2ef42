import { describe, expect, it } from "vitest";
import * as layers from "../../packages/nn/src/layers/index.ts";
import * as losses from "../../packages/nn/src/losses/index.ts";
import * as optimizers from "../../packages/nn/src/optimizers/index.ts";
import * as schedules from "../../packages/nn/src/schedules/index.ts";
import { readFixture } from "./readFixture.ts";

type Case = Readonly<Record<string, unknown>> & { readonly name: string };

/** What the cases of a fixture are about. */
function covered(fixture: string, key: string): ReadonlySet<unknown> {
  return new Set(readFixture<Case>(fixture).cases.map((one) => one[key]));
}

/** Exports that no case is about; an exception that is none fails too. */
function without(
  exported: Readonly<Record<string, unknown>>,
  known: ReadonlySet<unknown>,
  exceptions: Readonly<Record<string, string>>,
): void {
  const names = Object.keys(exported).filter((name) => typeof exported[name] === "function");
  const bare = names.filter((name) => !known.has(name));
  expect(bare.toSorted()).toEqual(Object.keys(exceptions).toSorted());
}

describe("everything has a case against PyTorch, or a reason to have none", () => {
  it("layers", () => {
    without(layers, covered("layers", "layer"), {
      attend: "a part of the attention layers",
      causalMask: "a part of the attention layers",
      dropout: "random: its own laws are in test/nn/layers",
      flatten: "moves elements",
      globalAveragePool: "a mean; averagePool2d has cases",
      gruCell: "as the case gru",
      learntPositions: "a sum with a parameter",
      lstmCell: "as the cases lstm",
      neuron: "scalar, for teaching",
      neurons: "scalar, for teaching",
      perceptron: "scalar, for teaching",
      positionalEncoding: "PyTorch has none",
      recurrent: "as the cases rnn, gru and lstm",
      rnnCell: "as the case rnn",
      threshold: "a step, whose gradient is 0",
      unitAdvance: "PyTorch has none",
      unitDelay: "PyTorch has none",
    });
  });

  it("losses", () => {
    without(losses, covered("losses", "loss"), {
      averageOf: "a part of losses",
      defineLoss: "makes losses",
      reduceLoss: "a part of losses",
      withOptions: "a loss with its options fixed",
    });
  });

  it("optimizers", () => {
    without(optimizers, covered("optimizers", "optimizer"), {
      accumulate: "PyTorch adds gradients up by itself; its law is in test/nn/optimizers",
      chain: "one transform after another",
      clipByGlobalNorm: "in the cases of gradientDescent, as a transform",
      clipByValue: "in the cases of gradientDescent, as a transform",
      defineOptimizer: "makes optimizers",
      globalNorm: "a part of clipByGlobalNorm",
      groups: "optimizers by parameter; its law is in test/nn/optimizers",
      lbfgsSteps: "a part of lbfgs",
      objectiveOf: "a part of lbfgs",
      packing: "a part of lbfgs",
      penalised: "a gradient is added to an optimizer's; its law is in test/nn/optimizers",
      rateAt: "a part of optimizers",
    });
  });

  it("schedules", () => {
    without(schedules, covered("schedules", "schedule"), {
      hostInputs: "a part of schedules",
      inverseRootDecay: "PyTorch has none; its formula is in test/nn/schedules",
    });
  });
});
