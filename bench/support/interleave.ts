import { median } from "./median.ts";

/** Something to be timed. */
export interface Candidate {
  readonly name: string;
  /** Runs so many times and gives the microseconds of one run. */
  readonly batch: (rounds: number) => number;
}

/** Each batch takes at least so many milliseconds. */
const BATCH_MS = 20;

/** Time in a batch of calls of a function. */
export function timed(call: () => unknown): Candidate["batch"] {
  return (rounds) => {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) call();
    return (1000 * (performance.now() - start)) / rounds;
  };
}

/**
 * Microseconds of one run of each candidate: medians over rounds in which every candidate has its turn, so
 * that other work on the machine meets all alike.
 */
export function interleaved(candidates: readonly Candidate[], rounds = 15): Map<string, number> {
  const counts = candidates.map(({ batch }) => {
    let count = 1;
    while (count * batch(count) < 1000 * BATCH_MS && count < 2 ** 22) count *= 2;
    return count;
  });
  const times = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    candidates.forEach(({ batch }, i) => {
      times[i]?.push(batch(counts[i] as number));
    });
  }
  return new Map(candidates.map(({ name }, i) => [name, median(times[i] as number[])]));
}
