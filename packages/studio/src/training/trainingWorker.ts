import { serveTraining } from "./serveTraining.ts";

// Trains away from the page's own thread.
const serve = serveTraining((answer, transfer) => postMessage(answer, { transfer }));
addEventListener("message", ({ data }) => serve(data));
