import * as core from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, it } from "vitest";
import { expectClose } from "./expectClose.ts";
import { precisions, readFixture } from "./readFixture.ts";

interface ActivationCase {
  readonly name: string;
  readonly activation: string;
  readonly options: Record<string, unknown>;
}

type AnyActivation = (x: core.Expr, options?: Record<string, unknown>) => core.Expr;

const { elu, gelu, leakyRelu, logSigmoid, logSoftmax, relu, sigmoid } = core;
const { silu, softmax, softplus, tanh } = core;
const { hardSigmoid, hardTanh, mish, selu, softsign } = nn;

const byName: Readonly<Record<string, unknown>> = {
  elu,
  gelu,
  hardSigmoid,
  hardTanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
};

const { cases, tensor } = readFixture<ActivationCase>("activations");

/** PyTorch takes the slope ⅙ in single precision, even for doubles. */
const ownRounding: Readonly<Record<string, number>> = { hardSigmoid: 1e-8 };

describe("activations give PyTorch's values and derivatives", () => {
  for (const { dtype, tolerance } of precisions) {
    it.each(cases)(`$name in ${dtype}`, ({ name, activation, options }) => {
      const read = (key: string) => tensor(`${name}/${dtype}/${key}`);
      const at = read("x");
      const x = core.variable("x", at.shape, at.dtype);
      const f = byName[activation] as AnyActivation;
      const y = Object.keys(options).length === 0 ? f(x) : f(x, options);
      const total = core.sum(core.mul(y, core.constant(read("factors"))));
      const results = core.evaluate([y, ...core.grad(total, [x])], { x: at });
      const allowed = Math.max(tolerance, ownRounding[name] ?? 0);
      expectClose("value", results[0], read("value"), allowed);
      expectClose("gradient", results[1], read("gradient"), allowed);
    });
  }
});
