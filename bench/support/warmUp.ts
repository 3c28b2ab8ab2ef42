/** A function must have been as fast as ever for so many looks, this many milliseconds apart. */
const STEADY = 6;
const PAUSE_MS = 250;

/** V8 optimises what is called often, in the background; a large module takes its time. */
const MOST_SECONDS = 60;

/** Calls until calls no longer get faster; gives the seconds and the calls that took. */
export async function warmUp(
  call: () => unknown,
): Promise<{ readonly seconds: number; readonly calls: number }> {
  const start = performance.now();
  let best = Number.POSITIVE_INFINITY;
  let calls = 0;
  let seconds = 0;
  for (let steady = 0; steady < STEADY && seconds < MOST_SECONDS; ) {
    let least = Number.POSITIVE_INFINITY;
    const begin = performance.now();
    for (let i = 0; i < 10 || (performance.now() - begin < 50 && i < 10_000); i++) {
      const one = performance.now();
      call();
      least = Math.min(least, performance.now() - one);
      calls++;
    }
    seconds = (performance.now() - start) / 1000;
    steady = least < 0.9 * best ? 0 : steady + 1;
    best = Math.min(best, least);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { seconds, calls };
}
