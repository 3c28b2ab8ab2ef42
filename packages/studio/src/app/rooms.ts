import type { Room } from "./room.ts";

/** A room's place in the rail, and how its module is had when it is first entered. */
export interface RoomEntry {
  readonly id: string;
  readonly title: string;
  readonly load: () => Promise<Room<unknown>>;
}

/** The rooms in the order of the rail; the first one opens the page. */
export const rooms: readonly RoomEntry[] = [];
