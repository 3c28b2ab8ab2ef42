import type { Expr } from "@chainrule/core";
import { faultNames } from "../kernels/ops/index.ts";
import { sameSize, stridesOf } from "../plan/size.ts";
import type { Scheduler } from "./schedule.ts";
import { allSteps, buffersRead, type LoopStep, type Step } from "./step.ts";
import { wholeView } from "./view.ts";

/** A state: the buffer that holds it, and what replaces its content. */
export interface State {
  readonly buffer: number;
  readonly next: Expr;
}

/**
 * Schedules the new values of states after all else.
 *
 * A value is written where its loop computes it if nobody reads the old content later, nothing later may end the
 * run, and the loop reads it element by element; otherwise it is kept aside and copied at the end: a run that fails
 * leaves all states as they were.
 */
export function scheduleUpdates(scheduler: Scheduler, states: readonly State[]): void {
  const { buffers } = scheduler;
  const kept = new Map<State, number>();
  const keep = (state: State): void => {
    if (isItself(scheduler, state)) return;
    const buffer = buffers.add(state.next);
    scheduler.storeIn(state.next, wholeView(buffer, state.next));
    kept.set(state, buffer);
  };
  // What must be copied reads memory now; only then is it known which old contents are still needed.
  for (const state of states) if (scheduler.loopOf(state.next) === undefined) keep(state);
  const late = lateIn(scheduler.steps);
  for (const state of states) if (!kept.has(state) && !inPlace(scheduler, state, late)) keep(state);
  for (const [{ buffer }, from] of kept) {
    scheduler.steps.push({ kind: "copy", from, to: buffer, bytes: buffers.bytes(buffer) });
  }
}

/** Whether a state stays as it is. */
function isItself(scheduler: Scheduler, { buffer, next }: State): boolean {
  if (scheduler.loopOf(next) !== undefined) return false;
  const { source, offset, strides } = scheduler.viewOf(next);
  const whole = wholeView(buffer, next);
  return (
    source.kind === "buffer" &&
    source.buffer === buffer &&
    offset.length === 0 &&
    strides.every((one, axis) => sameSize(one, whole.strides[axis] as never))
  );
}

/** What of a schedule comes late. */
interface Late {
  /** For each buffer the last step that reads it, or inside which something does. */
  readonly reads: ReadonlyMap<number, number>;
  /** The last step that may end the run. */
  readonly failure: number;
}

function lateIn(steps: readonly Step[]): Late {
  const reads = new Map<number, number>();
  let failure = -1;
  steps.forEach((step, i) => {
    for (const one of allSteps([step])) {
      for (const buffer of buffersRead(one)) reads.set(buffer, i);
      if (mayFail(one)) failure = i;
    }
  });
  return { reads, failure };
}

function inPlace(scheduler: Scheduler, { buffer, next }: State, late: Late): boolean {
  const found = scheduler.loopOf(next);
  if (found === undefined) return false;
  const later = Math.max(late.reads.get(buffer) ?? -1, late.failure) > found.step;
  const loop = scheduler.steps[found.step] as LoopStep;
  if (later || !readsElementwise(loop, buffer)) return false;
  const view = wholeView(buffer, next);
  loop.stores.push({ operand: { kind: "value", index: found.index }, view });
  return true;
}

/** Whether a step may end the run: by an index out of range, or an error of the interpreter's. */
function mayFail(step: Step): boolean {
  return step.kind === "host" || (step.kind === "kernel" && faultNames.includes(step.node.op.name));
}

/** Whether a loop reads a buffer only at the index it is at. */
function readsElementwise({ reads, space }: LoopStep, buffer: number): boolean {
  const dense = stridesOf(space);
  return reads.every(({ source, strides, offset }) => {
    if (source.kind !== "buffer" || source.buffer !== buffer) return true;
    return (
      offset.length === 0 &&
      strides.every((one, i) => space[i] === 1 || sameSize(one, dense[i] as never))
    );
  });
}
