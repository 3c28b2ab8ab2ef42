import { GanGame } from "./ganGame.ts";
import type { GanAnswer, GanOrder } from "./ganMessages.ts";

// Plays the game away from the page's own thread: one answer for each order.

let game: GanGame | undefined;

function answer(order: GanOrder): GanAnswer {
  try {
    if (order.kind === "begin") {
      game = new GanGame(order.seed);
      return { kind: "begun", real: game.real, view: game.view() };
    }
    if (game === undefined) throw new TypeError("ganWorker: a game must begin first, got none");
    game.play(order.steps);
    return { kind: "played", view: game.view() };
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

addEventListener("message", ({ data }: MessageEvent<GanOrder>) => {
  postMessage(answer(data));
});
