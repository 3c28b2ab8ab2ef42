import type { PictureRequest, PlainPicture } from "./pictureRequest.ts";
import type { PictureAnswer, PictureQuestion } from "./pictureWorker.ts";
import PictureWorker from "./pictureWorker.ts?worker";

/** What a drawing came to. */
export type Drawn = { readonly picture: PlainPicture } | { readonly problem: string };

/** Draws graphs aside, one after another; of those that wait only the last is drawn. */
export interface Drawer {
  /** Asks for a drawing; the answer comes unless another one was asked for before it began. */
  draw(request: PictureRequest, then: (drawn: Drawn) => void): void;
  dispose(): void;
}

/** A drawer with a worker of its own; where pages may start none, it draws on the page's own thread. */
export function drawer(): Drawer {
  let worker = startWorker();
  let busy:
    | { readonly question: PictureQuestion; readonly then: (drawn: Drawn) => void }
    | undefined;
  let waiting: typeof busy;
  let count = 0;

  const next = (): void => {
    busy = waiting;
    waiting = undefined;
    if (busy === undefined) return;
    if (worker !== undefined) worker.postMessage(busy.question);
    else drawHere(busy.question, finish);
  };
  const finish = (answer: PictureAnswer): void => {
    if (answer.id !== busy?.question.id) return;
    const { then } = busy;
    next();
    then("picture" in answer ? { picture: answer.picture } : { problem: answer.problem });
  };
  worker?.addEventListener("message", ({ data }: MessageEvent<PictureAnswer>) => finish(data));
  worker?.addEventListener("error", () => {
    // A worker that cannot start: what it was asked is drawn here, and all that follows.
    worker?.terminate();
    worker = undefined;
    if (busy !== undefined) drawHere(busy.question, finish);
  });
  return {
    draw(request, then) {
      count++;
      waiting = { question: { id: count, request }, then };
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

function startWorker(): Worker | undefined {
  try {
    return new PictureWorker();
  } catch {
    return undefined;
  }
}

async function drawHere(
  { id, request }: PictureQuestion,
  then: (answer: PictureAnswer) => void,
): Promise<void> {
  const { makePicture } = await import("./pictureRequest.ts");
  try {
    then({ id, picture: makePicture(request) });
  } catch (error) {
    then({ id, problem: error instanceof Error ? error.message : String(error) });
  }
}
