import type { Answer, Order } from "./messages.ts";
import { type SessionStart, TrainingSession } from "./TrainingSession.ts";

/** Milliseconds of training between two looks for orders: half a picture at 60 a second. */
const SLICE = 8;

/** Answers orders one by one, and trains while there are none. */
export function serveTraining(
  answer: (answer: Answer, transfer: Transferable[]) => void,
): (order: Order) => void {
  let session: TrainingSession | undefined;
  let id = 0;
  let pace: number | undefined;
  let running = false;
  let training = false;

  const loop = async (): Promise<void> => {
    if (training) return;
    training = true;
    while (running && session !== undefined && session.stopped === undefined) {
      if (pace === undefined) await session.trainFor(SLICE);
      else await session.epochOnce();
      await pause(pace === undefined ? undefined : 1000 / pace);
    }
    training = false;
  };

  const begin = (order: Order & { kind: "begin" }): void => {
    running = false;
    const before = session;
    session = undefined;
    id = order.id;
    const start = order.start === "kept" ? keptBy(before) : order.start;
    session = new TrainingSession(order.settings, start);
    answer({ kind: "begun", id, facts: session.facts, epoch: session.epoch }, []);
  };

  const follow = (order: Order): void => {
    if (order.kind === "begin") begin(order);
    else if (session === undefined) return;
    else if (order.kind === "run") {
      pace = order.pace;
      running = true;
      loop();
    } else if (order.kind === "pause") running = false;
    else if (order.kind === "epoch") {
      running = false;
      session.epochOnce();
    } else if (order.kind === "weight") session.setWeight(order.member, order.index, order.value);
    else if (order.kind === "keep") answer({ kind: "kept", id, start: session.start() }, []);
    else {
      const { member, detail } = order;
      const frame = session.frame({ member, detail });
      const seen = frame.detail?.seen.map(({ buffer }) => buffer as ArrayBuffer) ?? [];
      answer({ kind: "frame", id, frame }, [frame.field.buffer as ArrayBuffer, ...seen]);
    }
  };

  return (order) => {
    try {
      follow(order);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answer({ kind: order.kind === "begin" ? "refused" : "problem", id, message }, []);
    }
  };
}

function keptBy(session: TrainingSession | undefined): SessionStart | undefined {
  return session?.start();
}

/** Lets messages in; timers of workers would wait 4 ms where no wait is asked for. */
function pause(milliseconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds !== undefined) {
      setTimeout(resolve, milliseconds);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
