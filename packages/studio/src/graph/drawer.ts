import { pictureRequest } from "./pictureRequest.ts";
import type { PictureAnswer, PictureQuestion } from "./pictureWorker.ts";
import { takeWorker } from "./pictureWorkers.ts";
import type { PlainPicture, Wanted } from "./plainPicture.ts";

/** What a drawing came to. */
export type Drawn = { readonly picture: PlainPicture } | { readonly problem: string };

/** Draws graphs, one after another; of those that wait only the last is drawn. */
export interface Drawer {
  /** Asks for a drawing; the answer comes unless another one was asked for before it began. */
  draw(wanted: Wanted, then: (drawn: Drawn) => void): void;
  dispose(): void;
}

interface Task {
  readonly id: number;
  readonly wanted: Wanted;
  readonly then: (drawn: Drawn) => void;
}

/** A drawer with a worker of its own; where pages may start none, it draws on the page's own thread. */
export function drawer(): Drawer {
  let worker = takeWorker();
  let busy: Task | undefined;
  let waiting: Task | undefined;
  let count = 0;

  const begin = (): void => {
    if (busy === undefined) return;
    const { id, wanted } = busy;
    if (worker === undefined) drawHere(wanted).then((drawn) => finish(id, drawn));
    else {
      const question: PictureQuestion = { id, request: pictureRequest(wanted) };
      worker.postMessage(question);
    }
  };
  const next = (): void => {
    busy = waiting;
    waiting = undefined;
    begin();
  };
  const finish = (id: number, drawn: Drawn): void => {
    if (id !== busy?.id) return;
    const { then } = busy;
    next();
    then(drawn);
  };
  worker?.addEventListener("message", ({ data }: MessageEvent<PictureAnswer>) => {
    finish(data.id, data);
  });
  worker?.addEventListener("error", () => {
    // A worker that cannot start: what it was asked is drawn here, and all that follows.
    worker?.terminate();
    worker = undefined;
    begin();
  });
  return {
    draw(wanted, then) {
      count++;
      waiting = { id: count, wanted, then };
      if (busy === undefined) next();
    },
    dispose() {
      worker?.terminate();
      worker = undefined;
      busy = undefined;
      waiting = undefined;
    },
  };
}

async function drawHere(wanted: Wanted): Promise<Drawn> {
  const { drawNow } = await import("./drawNow.ts");
  return drawNow(wanted);
}
