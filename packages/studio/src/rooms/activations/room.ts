import { pick, softmax, variable } from "@chainrule/core";
import type { Exported, Room } from "../room.ts";
import { activation } from "./activations.ts";
import { type ActivationsState, initial, readActivations } from "./activationsState.ts";
import { View } from "./View.tsx";

/** The lecture's activation functions. */
export const activations: Room<ActivationsState> = {
  initial,
  read: readActivations,
  View,
  exported,
};

function exported({ shown, x, alpha, scores }: ActivationsState): Exported | undefined {
  if (shown === "all") return undefined;
  if (shown === "softmax") {
    const z = variable("z", [scores.length]);
    return { name: "softmax", expr: pick(softmax(z), 0, 0), values: { z: scores }, wrt: "z" };
  }
  return { name: shown, expr: activation(shown, alpha), values: { x }, wrt: "x" };
}
