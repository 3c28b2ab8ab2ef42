import type { Expr } from "@chainrule/core";
import { glorotUniform, type Initial } from "../initialisers/index.ts";
import { type Layer, type LayerLike, layer } from "../model/index.ts";
import { checkOptions } from "../options/index.ts";
import { positive, sizeOfAxis } from "./checks.ts";

/** Options of a dense layer. */
export interface DenseOptions {
  /** Initially Glorot's uniform. */
  readonly weight?: Initial;
  /** Initially 0; `false` for none. */
  readonly bias?: Initial | false;
}

/**
 * Fully connected layer, `y = f(x W + b)`.
 *
 * Shapes: x [..., inputs] → y [..., outputs]; weight [inputs, outputs]; bias [outputs]. Inputs are inferred.
 * Throws ShapeError if the last axis of x is not a number.
 */
export function dense(outputs: number, activation?: LayerLike, options: DenseOptions = {}): Layer {
  positive("dense", "the number of outputs", outputs);
  checkOptions<DenseOptions>("dense", options, { weight: true, bias: true });
  const { weight = glorotUniform(), bias = 0 } = options;
  return layer(
    "dense",
    (x: Expr, scope) => {
      const inputs = sizeOfAxis("dense", x, -1);
      const product = x.matmul(scope.parameter("weight", [inputs, outputs], weight));
      const sum = bias === false ? product : product.add(scope.parameter("bias", [outputs], bias));
      return activation === undefined ? sum : scope.use(activation)(sum);
    },
    { outputs },
  );
}
