import { compile } from "@chainrule/compile";
import { type Expr, sigmoid, softmax, type Tensor, variable } from "@chainrule/core";
import { committee, type Dataset, type Trainer } from "@chainrule/nn";
import { FIELD, fieldPoints } from "./fieldPoints.ts";
import { outputsOf } from "./network.ts";

/** What one network or a committee says about places. */
export interface Decisions {
  /** Numbers for each place: see `SessionFacts`. */
  readonly depth: number;
  /** Over the places of the field, `depth` numbers each. */
  readonly field: () => Float32Array;
  /** The class of each row. */
  readonly decide: (inputs: Tensor) => Int32Array;
}

/** The decisions of trainers, a committee where there are several and classes to vote for. */
export function decisions(
  trainers: readonly Trainer[],
  classes: number,
  training: Dataset,
): Decisions {
  const places = fieldPoints(FIELD);
  const depth = outputsOf(classes);
  const [first] = trainers as readonly [Trainer];
  // Votes are weighted by accuracy in training, as the lecture does; all wrong counts a little.
  const votes = () =>
    committee(
      trainers.map((trainer) => ({
        trainer,
        votes: Math.max(1e-6, trainer.evaluate(training)["accuracy"] ?? 1),
      })),
    );
  const several = trainers.length > 1 && classes > 0;
  const shown = several ? undefined : sharesOf(classes, depth);
  return {
    depth,
    decide: (inputs) => votes().decide(inputs),
    field: () => {
      if (shown !== undefined) return new Float32Array(shown(first.predict(places)));
      const { data } = votes().shares(places);
      // Of two classes the share of the second says all.
      return depth === 1
        ? Float32Array.from({ length: FIELD * FIELD }, (_, i) => data[2 * i + 1] as number)
        : new Float32Array(data);
    },
  };
}

/** Outputs as shares of classes; as they are for regression. */
function sharesOf(classes: number, depth: number): (outputs: Tensor) => ArrayLike<number> {
  if (classes === 0) return ({ data }) => data;
  const output = variable("output", ["batch", depth]);
  const share: Expr = classes === 2 ? sigmoid(output) : softmax(output);
  const run = compile({ inputs: { output }, outputs: { share } });
  return (outputs) => (run({ output: outputs })["share"] as Tensor).data;
}

/** Share of rows whose class was decided rightly. */
export function accuracyOf(decided: Int32Array, { targets }: Dataset): number {
  let right = 0;
  for (const [i, label] of decided.entries()) if (label === targets.data[i]) right++;
  return right / decided.length;
}
