/** Calls go on for this long after they last got faster, and half as long again as that took … */
const STEADY_SECONDS = 3;

/** … and a second for so many operations, since functions are optimised one by one. */
const OPERATIONS_A_SECOND = 40_000;

/** V8 optimises what is called often, in the background; a large module on a busy machine takes its time. */
const MOST_SECONDS = 90;

const BUSY_MS = 150;
const PAUSE_MS = 100;

/** Calls until calls no longer get faster; gives the seconds after which they were as fast as they became. */
export async function warmUp(call: () => unknown, operations: number): Promise<number> {
  const steady = STEADY_SECONDS + operations / OPERATIONS_A_SECOND;
  const start = performance.now();
  let best = Number.POSITIVE_INFINITY;
  let reached = 0;
  for (let now = 0; now < MOST_SECONDS && now < 1.5 * reached + steady; ) {
    const begin = performance.now();
    let least = Number.POSITIVE_INFINITY;
    while (performance.now() - begin < BUSY_MS) {
      const one = performance.now();
      call();
      least = Math.min(least, performance.now() - one);
    }
    now = (performance.now() - start) / 1000;
    // Function by function: small steps add up before they count.
    if (least < 0.9 * best) {
      reached = now;
      best = least;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return reached;
}
