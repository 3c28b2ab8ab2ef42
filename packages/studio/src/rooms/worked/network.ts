import type { Expr, Program } from "@chainrule/core";
import { LECTURE_RATE, lectureNetwork } from "@chainrule/render/classroom";

/** The lecture's network 2-2-2 with its numbers: sums, outputs, errors, E. */
export const network: Program = lectureNetwork();

/** Learning rate of the lecture. */
export const rate: number = LECTURE_RATE;

/** The weights in the lecture's order: those of the outputs come first in the backward pass. */
export const weightNames = ["w5", "w6", "w7", "w8", "w1", "w2", "w3", "w4"] as const;
/** A weight by name. */
export type WeightName = (typeof weightNames)[number];

/** Both biases, which the lecture leaves as they are. */
export const biasNames = ["b1", "b2"] as const;

/** Everything a visitor may change, by name. */
export type Numbers = Readonly<Record<string, number>>;

/** The lecture's numbers. */
export const lectureNumbers: Numbers = { ...network.values } as Record<string, number>;

/** What is trained. */
export function trained(biases: boolean): readonly string[] {
  return biases ? [...weightNames, ...biasNames] : weightNames;
}

/** An input of the network. */
export function input(name: string): Expr {
  return network.variables[name] as Expr;
}
