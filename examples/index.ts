import { characters } from "./characters.ts";
import { committee } from "./committee.ts";
import { deadRelu } from "./deadRelu.ts";
import { digits } from "./digits.ts";
import { digitsGan } from "./digitsGan.ts";
import { dynamicSystem } from "./dynamicSystem.ts";
import { ganRing } from "./ganRing.ts";
import { hiddenUnits } from "./hiddenUnits.ts";
import { learningRate } from "./learningRate.ts";
import { lstmAdding } from "./lstmAdding.ts";
import { multiOutput } from "./multiOutput.ts";
import { perceptron } from "./perceptron.ts";
import { reversal } from "./reversal.ts";
import { singleLayer } from "./singleLayer.ts";
import { softmax } from "./softmax.ts";
import { spirals } from "./spirals.ts";
import type { Example } from "./support/example.ts";
import { vanishing } from "./vanishing.ts";
import { workedNetwork } from "./workedNetwork.ts";
import { xor } from "./xor.ts";

/** All examples, in the order of the lecture. */
export const examples: readonly Example[] = [
  perceptron,
  singleLayer,
  dynamicSystem,
  workedNetwork,
  xor,
  learningRate,
  committee,
  hiddenUnits,
  multiOutput,
  softmax,
  spirals,
  vanishing,
  deadRelu,
  lstmAdding,
  digits,
  reversal,
  characters,
  ganRing,
  digitsGan,
];
