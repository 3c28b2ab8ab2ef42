/** A named duration, as the protocol writes it. */
export interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
}

/** Durations of named pieces of work, in the order in which they ended. */
export class Clock {
  readonly timings: Timing[] = [];

  /** Does the work, and notes how long it took under the name. */
  time<T>(name: string, work: () => T): T {
    const start = process.hrtime.bigint();
    try {
      return work();
    } finally {
      const nanoseconds = Number(process.hrtime.bigint() - start);
      this.timings.push({ name, nanoseconds });
    }
  }
}
