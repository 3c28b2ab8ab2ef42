import type { Buffer } from "../plan/layout.ts";
import { fixed } from "../plan/size.ts";
import type { Buffers } from "./buffers.ts";
import { buffersRead, buffersWritten, type Step, stepsInside } from "./step.ts";

/**
 * The buffers with the first and the last step that needs each.
 *
 * Steps are numbered as they come, those inside a loop between its beginning and its end. What a body uses
 * from outside, and what lasts through the rounds, is needed from beginning to end; so is all that loops over
 * shared rows touch, since the first of them comes back after the last.
 */
export function lives(steps: readonly Step[], buffers: Buffers): Buffer[] {
  const from = new Array<number>(buffers.count).fill(Number.POSITIVE_INFINITY);
  const to = new Array<number>(buffers.count).fill(-1);
  const touch = (buffer: number, at: number): void => {
    from[buffer] = Math.min(from[buffer] as number, at);
    to[buffer] = Math.max(to[buffer] as number, at);
  };
  let now = 0;
  /** Walks steps and gives the buffers they touch. Nested as deep as loops are. */
  const walk = (list: readonly Step[]): Set<number> => {
    const touched = new Set<number>();
    for (const step of list) {
      const begin = now++;
      const own = [...buffersRead(step), ...buffersWritten(step)];
      const inside = new Set(stepsInside(step).flatMap((one) => [...walk(one)]));
      const around = step.kind === "repeat" || step.kind === "rows";
      const end = around ? now++ : begin;
      for (const buffer of own) {
        touch(buffer, begin);
        touch(buffer, end);
        touched.add(buffer);
      }
      for (const buffer of inside) {
        const over = step.kind === "repeat" && buffer >= step.local[0] && buffer < step.local[1];
        if (around && !over) {
          touch(buffer, begin);
          touch(buffer, end);
        }
        touched.add(buffer);
      }
    }
    return touched;
  };
  walk(steps);
  return from.map((first, buffer) => {
    const bytes = buffers.bytes(buffer);
    if (buffers.isLasting(buffer)) return { bytes, from: 0, to: Number.POSITIVE_INFINITY };
    // What no step touches has no content: it is nowhere needed.
    const last = to[buffer] as number;
    return last < 0 ? { bytes: fixed(0), from: 0, to: 0 } : { bytes, from: first, to: last };
  });
}
