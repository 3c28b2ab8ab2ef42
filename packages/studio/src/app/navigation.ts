import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { readPermalink, writePermalink } from "./permalink.ts";
import { type RoomEntry, roomOf } from "./rooms.ts";
import type { Visit } from "./visit.ts";

const current = signal<RoomEntry>(roomOf(undefined));
const visited = signal<Visit | undefined>(undefined);
const told = signal<readonly string[]>([]);
const visits = new Map<string, Visit>();

/** The room whose name the rail shows; its visit follows when its module has come. */
export const room: ReadonlySignal<RoomEntry> = current;
export const entered: ReadonlySignal<Visit | undefined> = visited;

/** What was wrong with the link that was followed. */
export const notes: ReadonlySignal<readonly string[]> = told;

/** Puts the notes away. */
export function dismissNotes(): void {
  told.value = [];
}

/** Goes to a room, where it was left or, with a state, where a link says. */
export async function go(entry: RoomEntry, json?: unknown): Promise<void> {
  current.value = entry;
  const known = visits.get(entry.id);
  if (known !== undefined) {
    if (json !== undefined) told.value = known.read(json);
    visited.value = known;
    return;
  }
  visited.value = undefined;
  const fresh = await entry.enter(json);
  visits.set(entry.id, fresh);
  // Somebody quick may be elsewhere by now.
  if (current.value !== entry) return;
  told.value = fresh.notes;
  visited.value = fresh;
}

/** The address of the page as it is now. */
export async function permalink(): Promise<string> {
  const place = { room: current.value.id, state: visited.value?.state.value };
  return new URL(await writePermalink(place), location.href).href;
}

/** How long a state must rest before the address follows it, in milliseconds. */
const REST = 300;

/** Opens the room that the address names, and keeps the address at what is shown; once. */
export function followAddress(): void {
  let own = location.hash;
  const follow = async (): Promise<void> => {
    const read = await readPermalink(location.hash);
    if (read === undefined) return go(roomOf(undefined));
    if ("note" in read) {
      await go(roomOf(undefined));
      told.value = [read.note];
      return;
    }
    const entry = roomOf(read.room);
    const known = entry.id === read.room;
    await go(entry, known ? read.state : undefined);
    if (!known) told.value = [`there is no room ${JSON.stringify(read.room.slice(0, 40))}`];
  };
  addEventListener("hashchange", () => {
    if (location.hash !== own) follow();
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const state = visited.value?.state.value;
    clearTimeout(timer);
    if (state === undefined) return;
    timer = setTimeout(async () => {
      const link = await writePermalink({ room: current.value.id, state });
      // A newer state has a timer of its own, and may be written sooner.
      if (visited.value?.state.value !== state) return;
      own = link;
      history.replaceState(undefined, "", own);
    }, REST);
  });
  follow();
}
