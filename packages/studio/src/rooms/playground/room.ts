import type { Room } from "../room.ts";
import { exported } from "./exported.ts";
import { initial, type PlaygroundState, readPlayground } from "./playgroundState.ts";
import { View } from "./View.tsx";

/** Networks that learn while one looks. */
export const playground: Room<PlaygroundState> = {
  initial,
  read: readPlayground,
  View,
  exported,
};
