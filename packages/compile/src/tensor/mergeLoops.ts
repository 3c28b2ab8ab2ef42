import { sameSize, stridesOf } from "../plan/size.ts";
import { sameAxes, sameView } from "./nodeViews.ts";
import {
  allSteps,
  buffersRead,
  buffersWritten,
  type LoopStep,
  type Operand,
  type Step,
} from "./step.ts";
import type { View } from "./view.ts";

/** Steps before a loop among which another is looked for. */
const LOOK_BACK = 60;

/** Values of a merged loop. */
const MOST_VALUES = 96;

/**
 * Moves loops down into later ones over the same space that read what they read or wrote, where nothing between needs
 * their results or changes what they read. Values then pass in locals; memory that nobody else touches is not written.
 *
 * A node is scheduled as early as it can be, which parts what belongs together: the moments of an optimizer are
 * scaled long before their gradient is there.
 */
export function mergeLoops(steps: Step[], isTemporary: (buffer: number) => boolean): void {
  const known = new Map<Step, Touched>();
  const touched = (step: Step): Touched => {
    const made = known.get(step) ?? touchedBy(step);
    known.set(step, made);
    return made;
  };
  for (let at = 0; at < steps.length; at++) {
    if (steps[at]?.kind !== "loop") continue;
    for (let i = at - 1; i >= Math.max(0, at - LOOK_BACK); i--) {
      const later = steps[at] as Step;
      const earlier = steps[i] as Step;
      if (later.kind !== "loop" || earlier.kind !== "loop" || later === earlier) continue;
      if (!belong(earlier, later) || !canMove(touched, steps, i, at)) continue;
      steps[at] = merged(earlier, later);
      steps.splice(i, 1);
      at--;
    }
  }
  dropUnread(steps, isTemporary);
}

/** Whether two loops may be one, and gain by it. */
function belong(earlier: LoopStep, later: LoopStep): boolean {
  if (earlier.type !== later.type || !sameAxes(earlier, later)) return false;
  if (earlier.values.length + later.values.length > MOST_VALUES) return false;
  if (!sharesMemory(earlier, later)) return false;
  const made = new Set(earlier.reductions.map(({ buffer }) => buffer));
  if (later.reads.some((view) => bufferOf(view) >= 0 && made.has(bufferOf(view)))) return false;
  // What one writes the other may touch only at the index that both are at.
  const crossed = (writer: LoopStep, views: readonly View[]): boolean =>
    writer.stores.some(({ view }) =>
      views.some(
        (other) =>
          keyOf(other) === keyOf(view) &&
          !(isWhole(other, writer) && isWhole(view, writer) && other.dtype === view.dtype),
      ),
    );
  const stores = earlier.stores.map(({ view }) => view);
  if (crossed(earlier, later.reads) || crossed(later, earlier.reads)) return false;
  if (later.stores.some(({ view }) => stores.some((one) => keyOf(one) === keyOf(view)))) {
    return false;
  }
  return true;
}

/** Whether the later loop reads what the earlier touches. */
function sharesMemory(earlier: LoopStep, { reads }: LoopStep): boolean {
  return reads.some((view) => {
    const key = keyOf(view);
    const same = (other: View): boolean => keyOf(other) === key;
    return (
      key !== undefined &&
      (earlier.reads.some(same) || earlier.stores.some((one) => same(one.view)))
    );
  });
}

/** What memory a view is of, as a number; undefined for what needs none. */
function keyOf({ source }: View): number | undefined {
  if (source.kind === "buffer") return source.buffer;
  return source.kind === "window" ? -1 - source.window : undefined;
}

/** The buffers that a step touches, with all steps inside it. */
interface Touched {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

function touchedBy(step: Step): Touched {
  const inside = allSteps([step]);
  return {
    reads: new Set(inside.flatMap(buffersRead)),
    writes: new Set(inside.flatMap(buffersWritten)),
  };
}

/** The buffer of a view; −1 for what is none. */
function bufferOf({ source }: View): number {
  return source.kind === "buffer" ? source.buffer : -1;
}

/** Whether a view is the elements of the loop's space side by side, from the first of a buffer on. */
function isWhole({ source, offset, strides }: View, { space }: LoopStep): boolean {
  const dense = stridesOf(space);
  return (
    source.kind === "buffer" &&
    offset.length === 0 &&
    strides.every((one, axis) => space[axis] === 1 || sameSize(one, dense[axis] as never))
  );
}

/** Whether nothing between two steps needs what the first writes, or writes what it touches. */
function canMove(
  touched: (step: Step) => Touched,
  steps: readonly Step[],
  from: number,
  to: number,
): boolean {
  // Windows move with the rounds of a loop, never between steps of one list.
  const own = touched(steps[from] as Step);
  for (let i = from + 1; i < to; i++) {
    const { reads, writes } = touched(steps[i] as Step);
    for (const buffer of own.writes) if (reads.has(buffer) || writes.has(buffer)) return false;
    for (const buffer of own.reads) if (writes.has(buffer)) return false;
  }
  return true;
}

/** Both loops as one: what the later reads of what the earlier writes is its value. */
function merged(earlier: LoopStep, later: LoopStep): LoopStep {
  const reads = [...earlier.reads];
  const values = [...earlier.values];
  const operands = later.reads.map((view): Operand => {
    const stored = earlier.stores.find((one) => bufferOf(one.view) === bufferOf(view));
    if (view.source.kind === "buffer" && stored !== undefined) return stored.operand;
    const known = reads.findIndex((one) => sameView(one, view));
    return { kind: "read", index: known >= 0 ? known : reads.push(view) - 1 };
  });
  const shift = earlier.values.length;
  const moved = ({ kind, index }: Operand): Operand =>
    kind === "read" ? (operands[index] as Operand) : { kind: "value", index: index + shift };
  for (const { node, args } of later.values) values.push({ node, args: args.map(moved) });
  return {
    kind: "loop",
    space: later.space,
    type: later.type,
    reads,
    values,
    stores: [
      ...earlier.stores,
      ...later.stores.map(({ operand, view }) => ({ operand: moved(operand), view })),
    ],
    reductions: [
      ...earlier.reductions,
      ...later.reductions.map((one) => ({ ...one, operand: moved(one.operand) })),
    ],
  };
}

/** Leaves out stores to memory that no other step touches. */
function dropUnread(steps: readonly Step[], isTemporary: (buffer: number) => boolean): void {
  const touches = new Map<number, number>();
  for (const step of allSteps(steps)) {
    for (const buffer of new Set([...buffersRead(step), ...buffersWritten(step)])) {
      touches.set(buffer, (touches.get(buffer) ?? 0) + 1);
    }
  }
  for (const step of steps) {
    if (step.kind !== "loop") continue;
    const reads = new Set(buffersRead(step));
    const kept = step.stores.filter(({ view }) => {
      const buffer = bufferOf(view);
      const needed = buffer < 0 || !isTemporary(buffer) || reads.has(buffer);
      return needed || (touches.get(buffer) ?? 0) > 1;
    });
    step.stores.splice(0, step.stores.length, ...kept);
  }
}
