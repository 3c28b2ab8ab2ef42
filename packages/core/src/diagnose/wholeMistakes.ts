import { isInput } from "../bind.ts";
import { pullback } from "../differentiate/reverse.ts";
import { isFloat } from "../dtype.ts";
import { div, mul, neg } from "../ops/arithmetic.ts";
import { like } from "../ops/literals.ts";
import { broadcastTo } from "../ops/movement.ts";
import { sameShape } from "../shape.ts";
import { leavesOf } from "../traverse.ts";
import { type Derivation, derivativeText, nodeText, stepText } from "./derivation.ts";
import type { Mistake, MistakeKind } from "./mistake.ts";

/** Other variables and outputs that are tried, at most. */
const MOST_OTHERS = 50;

/** Mistakes with the derivative as a whole. */
export const wholeMistakes: readonly MistakeKind[] = [
  {
    name: "other variable",
    make: (derivation) => {
      const { y, x } = derivation;
      const others = leavesOf([y]).filter(
        (leaf) =>
          isInput(leaf) && leaf !== x && isFloat(leaf.dtype) && sameShape(leaf.shape, x.shape),
      );
      return others.slice(0, MOST_OTHERS).map((other) => ({
        sentence: `This is ${derivativeText(derivation, y, other)}, not ${wanted(derivation)}.`,
        derivative: derivation.by(other),
      }));
    },
  },
  {
    name: "other output",
    make: (derivation) => {
      const { program, x, y } = derivation;
      const outputs = Object.values(program.definitions).filter(
        (output) => output !== y && output.shape.length === 0 && isFloat(output.dtype),
      );
      return outputs.slice(0, MOST_OTHERS).flatMap((output): readonly Mistake[] => {
        const [derivative] = pullback([output], [like(output, 1)], [x]);
        if (derivative === undefined) return [];
        const sentence = `This is ${derivativeText(derivation, output, x)}, not ${wanted(derivation)}.`;
        return [{ sentence, derivative }];
      });
    },
  },
  {
    name: "sign",
    make: ({ gradient }) => [{ sentence: "The sign is wrong.", derivative: neg(gradient) }],
  },
  {
    name: "lost factor",
    make: ({ gradient }) => [
      { sentence: "A factor 2 is lost.", derivative: div(gradient, like(gradient, 2)) },
      { sentence: "A factor 1/2 is lost.", derivative: mul(like(gradient, 2), gradient) },
    ],
  },
  {
    name: "local derivative only",
    make: (derivation) =>
      derivation.steps.flatMap((step) => ({
        sentence: `This is only the local derivative ${stepText(derivation, step)}.`,
        derivative: step.partial,
      })),
  },
  {
    name: "value instead of derivative",
    make: (derivation) => [
      {
        sentence: `This is ${nodeText(derivation, derivation.y)} itself, not ${wanted(derivation)}.`,
        derivative: derivation.y,
      },
    ],
  },
  {
    name: "not seen to depend",
    make: (derivation) => [
      {
        sentence: `${nodeText(derivation, derivation.y)} depends on ${nodeText(derivation, derivation.x)}, so the derivative is not 0.`,
        derivative: zero(derivation),
      },
    ],
  },
  {
    name: "reciprocal",
    make: (derivation) => [
      {
        sentence: `This is 1 divided by ${wanted(derivation)}.`,
        derivative: div(like(derivation.gradient, 1), derivation.gradient),
      },
    ],
  },
];

function wanted(derivation: Derivation): string {
  return derivativeText(derivation, derivation.y, derivation.x);
}

function zero({ gradient }: Derivation): Mistake["derivative"] {
  const number = like(gradient, 0);
  return gradient.shape.length === 0 ? number : broadcastTo(number, gradient.shape);
}
