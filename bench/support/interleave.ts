import { median } from "./median.ts";

/** Something to be timed. */
export interface Candidate {
  readonly name: string;
  /** Runs so many times and gives the microseconds of one run. */
  readonly batch: (rounds: number) => number;
}

/** Each batch takes at least so many milliseconds. */
const BATCH_MS = 20;

/**
 * Processor time in a batch of calls of a function: what other programs on the machine take is left out, what threads of this
 * process do is not.
 */
export function timed(call: () => unknown): Candidate["batch"] {
  return (rounds) => {
    const start = process.cpuUsage();
    for (let i = 0; i < rounds; i++) call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / rounds;
  };
}

/** What was measured of a candidate. */
export interface Measured {
  /** Microseconds of one run: the median over the rounds. */
  readonly time: number;
  /** Its time by that of the first candidate: the median of the rounds' ratios. */
  readonly ratio: number;
}

/**
 * Times of candidates over rounds in which each has its turn, so that other work on the machine meets all
 * alike; ratios are taken within a round.
 */
export function interleaved(
  candidates: readonly Candidate[],
  rounds = 15,
): ReadonlyMap<string, Measured> {
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
  const first = times[0] as number[];
  return new Map(
    candidates.map(({ name }, i) => {
      const own = times[i] as number[];
      const ratio = median(own.map((time, round) => time / (first[round] as number)));
      return [name, { time: median(own), ratio }];
    }),
  );
}
