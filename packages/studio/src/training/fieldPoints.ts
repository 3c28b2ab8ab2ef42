import { Tensor } from "@chainrule/core";
import { REACH } from "./trainingSettings.ts";

/** Places a side of the decision boundary's picture; predictions are made 512 at once, of which this is a multiple. */
export const FIELD = 64;

/** Places a side of the picture of what a unit sees. */
export const UNIT_FIELD = 32;

/** The middles of the places of a square picture, row by row from the top. Shapes: [side², 2]. */
export function fieldPoints(side: number): Tensor {
  const data = new Float64Array(2 * side * side);
  for (let at = 0; at < side * side; at++) {
    const [row, column] = [Math.floor(at / side), at % side];
    data[2 * at] = REACH * ((2 * column + 1) / side - 1);
    data[2 * at + 1] = REACH * (1 - (2 * row + 1) / side);
  }
  return new Tensor([side * side, 2], data);
}
