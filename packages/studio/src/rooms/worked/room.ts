import type { Exported, Room } from "../room.ts";
import { network } from "./network.ts";
import { isWeight } from "./pages.ts";
import { train } from "./training.ts";
import { View } from "./View.tsx";
import { initial, readWorked, type WorkedState } from "./workedState.ts";

/** The lecture's network 2-2-2, worked out page by page. */
export const worked: Room<WorkedState> = { initial, read: readWorked, View, exported };

function exported({ start, rate, steps, biases, page }: WorkedState): Exported {
  const { numbers } = train(start, rate, steps, biases);
  return {
    name: "worked-network",
    expr: network.result,
    program: network,
    values: numbers,
    wrt: isWeight(page) ? page : "w5",
  };
}
