/** The part of the platform's message channels that is used, alike in pages and in Node. */
interface Channel {
  readonly port1: { onmessage: (() => void) | null; close(): void };
  readonly port2: { postMessage(message: undefined): void };
}

/** Lets the host draw and answer before going on: a macrotask. */
export function yieldToHost(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      // Timers of pages wait 4 ms when nested; messages do not.
      const { port1, port2 } = new MessageChannel() as unknown as Channel;
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else setTimeout(resolve, 0);
  });
}

/** A function that gives way to the host when it has not for so many milliseconds. */
export function politely(every: number, now: () => number): () => Promise<void> | undefined {
  let last = now();
  return () => {
    if (now() - last < every) return undefined;
    return yieldToHost().then(() => {
      last = now();
    });
  };
}
