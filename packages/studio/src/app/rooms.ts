import { warmUp } from "../graph/pictureWorkers.ts";
import type { Room } from "../rooms/room.ts";
import { type Visit, visit } from "./visit.ts";

/** A room's place in the rail; its module is had when it is first entered. */
export interface RoomEntry {
  readonly id: string;
  readonly title: string;
  /** A sentence that says what one does there. */
  readonly about: string;
  readonly enter: (json?: unknown) => Promise<Visit>;
}

function entry<State>(
  id: string,
  title: string,
  about: string,
  load: () => Promise<Room<State>>,
): RoomEntry {
  return { id, title, about, enter: async (json) => visit(await load(), json) };
}

/** The rooms in the order of the rail; the first one opens the page. */
export const rooms: readonly RoomEntry[] = [
  entry("chain-rule", "Chain rule", "See an expression as a graph and walk its chain rule.", () => {
    warmUp();
    return import("../rooms/chainRule/room.ts").then((module) => module.chainRule);
  }),
  entry("worked", "Worked network", "Follow the lecture's network, number by number.", () =>
    import("../rooms/worked/room.ts").then((module) => module.worked),
  ),
  entry("playground", "Playground", "Train a network, and see what each of its units sees.", () =>
    import("../rooms/playground/room.ts").then((module) => module.playground),
  ),
  entry("activations", "Activations", "See what neurons make of their sums, and the slopes.", () =>
    import("../rooms/activations/room.ts").then((module) => module.activations),
  ),
  entry("deeper", "Deeper", "Draw for a network, unroll one, attend, watch a game.", () =>
    import("../rooms/deeper/room.ts").then((module) => module.deeper),
  ),
];

/** The room by its id; the first one where there is none. */
export function roomOf(id: string | undefined): RoomEntry {
  return rooms.find((room) => room.id === id) ?? (rooms[0] as RoomEntry);
}
