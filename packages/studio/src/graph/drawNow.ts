import type { Drawer, Drawn } from "./drawer.ts";
import { plainPicture, type Wanted } from "./plainPicture.ts";

/** A drawing on the page's own thread. */
export function drawNow(wanted: Wanted): Drawn {
  try {
    return { picture: plainPicture(wanted) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A drawer without a worker, in place of the page's: the custom element is one file. */
export function drawer(): Drawer {
  return { draw: (wanted, then) => then(drawNow(wanted)), dispose: () => undefined };
}
