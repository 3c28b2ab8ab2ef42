import type { Program } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { networkText } from "./networkText.ts";

/** The lecture's worked network: two inputs, two hidden neurons, two outputs, sigmoids. */
export function lectureNetwork(): Program {
  return parse(networkText({ layers: [2, 2, 2] }));
}

/** The lecture's learning rate. */
export const LECTURE_RATE = 0.6;
