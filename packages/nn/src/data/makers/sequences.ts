import { Tensor } from "@chainrule/core";
import { checkOptions } from "../../options/index.ts";
import { random } from "../../random/index.ts";
import { checkSeed, checkWhole, checkWithin } from "../checks.ts";
import type { Dataset } from "../dataset.ts";

/** Options of makers of sequences. */
export interface SequenceOptions {
  /** How many sequences. */
  readonly examples: number;
  /** Steps of each. */
  readonly length: number;
  readonly seed: number;
}

const sequenceOptions: { readonly [K in keyof SequenceOptions]: true } = {
  examples: true,
  length: true,
  seed: true,
};

/** Options of `sineSequences`. */
export interface SineSequencesOptions extends SequenceOptions {
  /** Standard deviation of the normal noise on every value; 0 by default. */
  readonly noise?: number;
}

/**
 * Sine waves of random phase and of a period between 10 and 30 steps; the target is the next value.
 *
 * Shapes: inputs and targets [examples, length, 1].
 */
export function sineSequences(options: SineSequencesOptions): Dataset {
  checkOptions<SineSequencesOptions>("sineSequences", options, { ...sequenceOptions, noise: true });
  const { noise = 0 } = options;
  checkSequences("sineSequences", options, 1);
  checkWithin("sineSequences", "noise", noise, 0);
  const { examples, length, seed } = options;
  const generator = random(seed, "sineSequences");
  const inputs = new Float64Array(examples * length);
  const targets = new Float64Array(examples * length);
  for (let row = 0; row < examples; row++) {
    const phase = 2 * Math.PI * generator.uniform();
    const pace = (2 * Math.PI) / (10 + 20 * generator.uniform());
    for (let step = 0; step <= length; step++) {
      const value = Math.sin(phase + pace * step) + noise * generator.normal();
      if (step < length) inputs[row * length + step] = value;
      if (step > 0) targets[row * length + step - 1] = value;
    }
  }
  const shape = [examples, length, 1];
  return { inputs: new Tensor(shape, inputs), targets: new Tensor(shape, targets) };
}

/**
 * The adding problem: of a sequence of numbers in [0, 1), two are marked; the target is their sum.
 *
 * Of the two marks one lies in either half. Always answering 1 has a mean squared error of 1/6.
 * Shapes: inputs [examples, length, 2], value and mark of each step; targets [examples, 1].
 * Source: Hochreiter & Schmidhuber 1997, experiment 4, in the form of Le, Jaitly & Hinton 2015.
 */
export function addingProblem(options: SequenceOptions): Dataset {
  checkOptions("addingProblem", options, sequenceOptions);
  checkSequences("addingProblem", options, 2);
  const { examples, length, seed } = options;
  const generator = random(seed, "addingProblem");
  const half = Math.floor(length / 2);
  const inputs = new Float64Array(examples * length * 2);
  const targets = new Float64Array(examples);
  for (let row = 0; row < examples; row++) {
    const start = row * length;
    for (let step = 0; step < length; step++) inputs[2 * (start + step)] = generator.uniform();
    for (const step of [generator.integer(half), half + generator.integer(length - half)]) {
      inputs[2 * (start + step) + 1] = 1;
      targets[row] = (targets[row] as number) + (inputs[2 * (start + step)] as number);
    }
  }
  return {
    inputs: new Tensor([examples, length, 2], inputs),
    targets: new Tensor([examples, 1], targets),
  };
}

/** Options of `reversedSequences`. */
export interface ReversedSequencesOptions extends SequenceOptions {
  /** How many different symbols; 10 by default. */
  readonly symbols?: number;
}

/**
 * Random symbols, and the same backwards.
 *
 * Shapes: inputs and targets [examples, length], symbols 0 … symbols − 1 of type i32.
 */
export function reversedSequences(options: ReversedSequencesOptions): Dataset {
  checkOptions<ReversedSequencesOptions>("reversedSequences", options, {
    ...sequenceOptions,
    symbols: true,
  });
  const { symbols = 10 } = options;
  checkSequences("reversedSequences", options, 1);
  checkWhole("reversedSequences", "symbols", symbols, 1);
  const { examples, length, seed } = options;
  const generator = random(seed, "reversedSequences");
  const inputs = Int32Array.from({ length: examples * length }, () => generator.integer(symbols));
  const targets = new Int32Array(inputs.length);
  for (let row = 0; row < examples; row++) {
    const start = row * length;
    targets.set(inputs.slice(start, start + length).reverse(), start);
  }
  const shape = [examples, length];
  return { inputs: new Tensor(shape, inputs), targets: new Tensor(shape, targets) };
}

function checkSequences(where: string, options: SequenceOptions, least: number): void {
  checkWhole(where, "examples", options.examples, 1);
  checkWhole(where, "length", options.length, least);
  checkSeed(where, options.seed);
}
