import PictureWorker from "./pictureWorker.ts?worker";

let ready: Worker | undefined;

/** Starts a worker that draws before it is asked for: its script comes while the page is busy with its own. */
export function warmUp(): void {
  if (ready !== undefined) return;
  const worker = start();
  // One that cannot start is not kept: whoever needs one starts another, and hears of it.
  worker?.addEventListener("error", () => {
    if (ready === worker) ready = undefined;
  });
  ready = worker;
}

/** A worker that draws; undefined where pages may start none. */
export function takeWorker(): Worker | undefined {
  const worker = ready ?? start();
  ready = undefined;
  return worker;
}

function start(): Worker | undefined {
  try {
    return new PictureWorker();
  } catch {
    return undefined;
  }
}
