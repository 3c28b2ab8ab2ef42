import { Session } from "node:inspector";

/** One counted stretch of a function, as V8 tells. */
interface Range {
  readonly count: number;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly Range[] }[];
  }[];
}

// Counting begins before the functions to be counted are compiled, which is when they are first called:
// V8 counts blocks only in what it compiles from now on, and runs nothing optimised.
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** Counts since the last call. */
function takeSteps(sources: RegExp): number {
  let steps = 0;
  session.post("Profiler.takePreciseCoverage", (error, coverage) => {
    if (error !== null) throw error;
    for (const { url, functions } of (coverage as unknown as Coverage).result) {
      if (!sources.test(url)) continue;
      for (const { ranges } of functions) for (const { count } of ranges) steps += count;
    }
  });
  return steps;
}

/**
 * How often the blocks of the packages' sources ran while `work` did, loops and calls alike: a measure
 * of work that no clock and no other process disturbs.
 */
export function countSteps(work: () => void, sources: RegExp = /\/packages\/\w+\/src\//): number {
  takeSteps(sources);
  work();
  return takeSteps(sources);
}
