import type { Answer, Order } from "./messages.ts";
import type { SessionStart } from "./TrainingSession.ts";
import type { TrainingSettings } from "./trainingSettings.ts";
import TrainingWorker from "./trainingWorker.ts?worker";

/** What the page does with answers about the session that began last. */
export type Listener = (answer: Answer) => void;

/** The page's end of a training worker: orders out, answers of the present session in. */
export class TrainingClient {
  readonly #worker: Worker = new TrainingWorker();
  #id = 0;
  #asked = false;

  constructor(listen: Listener) {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "frame") this.#asked = false;
      if (data.id === this.#id) listen(data);
    });
    this.#worker.addEventListener("error", (event) => {
      const message = event.message || "the worker that trains cannot start in this page";
      listen({ kind: "refused", id: this.#id, message });
    });
  }

  /** Begins a session: anew, from given weights, or from the weights of the session before. */
  begin(settings: TrainingSettings, start?: SessionStart | "kept"): void {
    this.#id++;
    this.#asked = false;
    this.send({ kind: "begin", id: this.#id, settings, start });
  }

  send(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Asks for a frame unless one is on its way; whether it was asked for. */
  ask(member: number, detail: boolean): boolean {
    if (this.#asked) return false;
    this.#asked = true;
    this.send({ kind: "frame", member, detail });
    return true;
  }

  close(): void {
    this.#worker.terminate();
  }
}
