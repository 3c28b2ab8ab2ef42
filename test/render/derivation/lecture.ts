import type { Program } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";

/** The 2-2-2 network of the lecture: hidden weights numbered by source, output weights by target. */
export function lectureNetwork(): Program {
  return parse(`
    sum_h1 = i1 w1 + i2 w3 + b1; out_h1 = σ(sum_h1)
    sum_h2 = i1 w2 + i2 w4 + b1; out_h2 = σ(sum_h2)
    sum_o1 = out_h1 w5 + out_h2 w6 + b2; out_o1 = σ(sum_o1)
    sum_o2 = out_h1 w7 + out_h2 w8 + b2; out_o2 = σ(sum_o2)
    E1 = 1/2 (target_1 - out_o1)^2
    E2 = 1/2 (target_2 - out_o2)^2
    E = E1 + E2
    i1 = 0.1; i2 = 0.5; b1 = 0.25; b2 = 0.35; target_1 = 0.05; target_2 = 0.95
    w1 = 0.1; w2 = 0.2; w3 = 0.3; w4 = 0.4; w5 = 0.5; w6 = 0.6; w7 = 0.7; w8 = 0.8
  `);
}

export const WEIGHTS = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"] as const;

/** The lecture's learning rate. */
export const RATE = 0.6;
