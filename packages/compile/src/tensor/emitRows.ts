import { quotient, type Size, times } from "../plan/size.ts";
import { i32 } from "../wasm/index.ts";
import { pushAddress, pushSize } from "./access.ts";
import { emitLoop, outermost } from "./emitLoop.ts";
import type { LoopContext } from "./loopElements.ts";
import { partIndex } from "./part.ts";
import type { RowsStep } from "./step.ts";

/** What groups of loops are written with. */
export interface RowsContext extends LoopContext {
  /** Bytes of scratch memory of which each thread has its share. */
  scratchShare(buffer: number): Size;
}

/**
 * Loops over shared rows as a function of a range of rows, `(from, to)`: block after block, each through all loops.
 *
 * `divided` tells that threads run it at the same time, each in its share of what is kept for a block.
 */
export function emitRows(
  step: RowsStep,
  name: string,
  context: RowsContext,
  divided = false,
): number {
  const loops = step.loops.map((loop, i) => ({
    index: emitLoop(loop, `${name}loop${i}`, context),
    each: quotient(outermost(loop), step.rows) as Size,
  }));
  const body = context.builder.function(name, ["i32", "i32"], []);
  const at = body.local("i32");
  const end = body.local("i32");
  body.get(0);
  body.set(at);
  body.countedLoop(at, 1, step.block, () => {
    // The lesser of the block's end and the range's.
    body.get(at);
    body.i32(step.block);
    body.op(i32.add);
    body.tee(end);
    body.get(1);
    body.get(end);
    body.get(1);
    body.op(i32.lt_u);
    body.select();
    body.set(end);
    for (const { window, scratch, bytes } of step.kept) {
      pushAddress(body, scratch, context);
      if (divided) {
        pushSize(body, times(partIndex, context.scratchShare(scratch)), context);
        body.op(i32.add);
      }
      body.get(at);
      pushSize(body, bytes, context);
      body.op(i32.mul);
      body.op(i32.sub);
      body.globalSet(context.windowGlobal(window));
    }
    for (const { index, each } of loops) {
      for (const bound of [at, end]) {
        body.get(bound);
        pushSize(body, each, context);
        body.op(i32.mul);
      }
      body.call(index);
    }
  });
  return body.index;
}
