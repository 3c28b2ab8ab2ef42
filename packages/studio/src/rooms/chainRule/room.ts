import type { Room } from "../../app/room.ts";
import { View } from "./View.tsx";

/** What the room shows. */
export interface ChainRuleState {
  /** The expression as it is typed. */
  readonly text: string;
}

/** The room where an expression becomes a graph, and the chain rule walks it. */
export const chainRule: Room<ChainRuleState> = {
  initial: { text: "L = c(a + 2b)" },
  read: () => ({ state: { text: "L = c(a + 2b)" }, notes: [] }),
  View,
  exported: () => undefined,
};
