import type { Exported, Room } from "../../app/room.ts";
import { type DeeperState, initial, readDeeper } from "./deeperState.ts";
import { unroll } from "./recurrent/unrolled.ts";
import { View } from "./View.tsx";

/** Convolution, recurrence, attention, a game: networks beyond layers of neurons. */
export const deeper: Room<DeeperState> = { initial, read: readDeeper, View, exported };

/** The unrolled network is a formula with numbers; images and games are none. */
function exported({ part, recurrent }: DeeperState): Exported | undefined {
  if (part !== "recurrent") return undefined;
  const { inputs, steps } = recurrent;
  const { program, values } = unroll({ ...recurrent, inputs: inputs.slice(0, steps) });
  return { name: "unrolled", expr: program.result, program, values, wrt: "u" };
}
