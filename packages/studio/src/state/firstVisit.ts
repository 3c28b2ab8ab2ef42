import { type ReadonlySignal, signal } from "@preact/signals";

const KEY = "chainrule-visited";
const visit = signal(false);

/** Whether the page was opened by itself, by no link and in no frame, by somebody it does not know. */
export const firstVisit: ReadonlySignal<boolean> = visit;

/** Looks whether this is a first visit; to be called once, before the address is written. */
export function beginVisit(): void {
  const plain = location.hash === "" && !new URLSearchParams(location.search).has("embed");
  visit.value = plain && !isKnown();
}

/** Remembers the visit, where the browser allows. */
export function rememberVisit(): void {
  try {
    localStorage.setItem(KEY, "1");
  } catch {
    // Pages in frames and from files may be refused storage; the visit is then a first one again.
  }
}

/** Ends the first visit, which is remembered. */
export function endFirstVisit(): void {
  if (visit.peek()) rememberVisit();
  visit.value = false;
}

function isKnown(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
