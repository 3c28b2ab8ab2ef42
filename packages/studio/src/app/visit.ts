import { type ReadonlySignal, signal } from "@preact/signals";
import { h, type JSX } from "preact";
import type { Exported, Room } from "../rooms/room.ts";

/** A room that was entered, whatever its state is. */
export interface Visit {
  /** What the permalink holds. */
  readonly state: ReadonlySignal<unknown>;
  /** What was wrong with the state it was entered with. */
  readonly notes: readonly string[];
  body(): JSX.Element;
  exported(): Exported | undefined;
  /** Goes on with a state from a permalink; what was wrong with it. */
  read(json: unknown): readonly string[];
}

/** Enters a room, at its beginning or with the state of a permalink. */
export function visit<State>(room: Room<State>, json?: unknown): Visit {
  const first = json === undefined ? { state: room.initial, notes: [] } : room.read(json);
  const state = signal(first.state);
  return {
    state,
    notes: first.notes,
    body: () => h(room.View, { state }),
    exported: () => room.exported(state.value),
    read(again) {
      const { state: next, notes } = room.read(again);
      state.value = next;
      return notes;
    },
  };
}
