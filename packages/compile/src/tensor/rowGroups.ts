import { elementBytes } from "../plan/elementBytes.ts";
import { fixed, fixedValue, quotient, type Size, sameSize, times } from "../plan/size.ts";
import type { Buffers } from "./buffers.ts";
import { axesOf } from "./emitLoop.ts";
import {
  allSteps,
  buffersRead,
  buffersWritten,
  type LoopStep,
  type RowsStep,
  type Step,
} from "./step.ts";
import { type View, wholeView } from "./view.ts";

/** Loops of a group; more would have to keep too much in the cache. */
const MOST_LOOPS = 12;

/** A size's value where names are not known. */
const TYPICAL = 64;

/**
 * Joins loops one after another that share rows: each block of rows runs through all of them before the
 * next block does, so that a softmax or a norm is one pass over memory. What only these loops need is kept for one
 * block at a time.
 *
 * Sound if whatever one loop writes and another touches lies, for both, in a part of memory that belongs to the
 * row. The order within each loop stays, so that no bit changes.
 */
export function groupRows(steps: Step[], context: RowContext): void {
  const known = new Map<LoopStep, Member | undefined>();
  const find = (loop: LoopStep): Member | undefined => {
    if (!known.has(loop)) known.set(loop, memberOf(loop, context.threads));
    return known.get(loop);
  };
  const uses = usesOf(steps);
  for (let from = 0; from < steps.length; from++) {
    const group = new RowGroup(find);
    let to = from;
    while (to < steps.length && group.take(steps[to] as Step)) to++;
    const joined = group.joined(context, uses);
    if (joined !== undefined) steps.splice(from, joined.loops.length, joined);
  }
}

/** What groups are made in. */
export interface RowContext {
  readonly buffers: Buffers;
  readonly threads: number;
  /** Bytes that loops touch before the next one runs. */
  readonly near: number;
}

/** How many steps touch each buffer. */
function usesOf(steps: readonly Step[]): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const step of allSteps(steps)) {
    for (const buffer of new Set([...buffersRead(step), ...buffersWritten(step)])) {
      uses.set(buffer, (uses.get(buffer) ?? 0) + 1);
    }
  }
  return uses;
}

/** What a loop touches of a buffer, as far as rows go. */
interface Touch {
  readonly buffer: number;
  readonly writes: boolean;
  /** Bytes from one round of the outermost axis to the next. */
  readonly step: Size;
  /** Bytes within a round, where they lie side by side; undefined where they may lie anywhere. */
  readonly inside: Size | undefined;
}

/** A loop, the rounds of its outermost axis and what it touches. */
interface Member {
  readonly loop: LoopStep;
  readonly rounds: Size;
  readonly touches: readonly Touch[];
}

class RowGroup {
  readonly #find: (loop: LoopStep) => Member | undefined;
  readonly #members: Member[] = [];
  #rows: Size | undefined;

  constructor(find: (loop: LoopStep) => Member | undefined) {
    this.#find = find;
  }

  /** Takes a step if it is a loop that may run row by row with those before it; says whether. */
  take(step: Step): boolean {
    if (step.kind !== "loop" || this.#members.length === MOST_LOOPS) return false;
    const member = this.#find(step);
    if (member === undefined) return false;
    const rows = this.#rows === undefined ? member.rounds : commonRows(this.#rows, member.rounds);
    if (rows === undefined || (fixedValue(rows) ?? TYPICAL) < 2) return false;
    const members = [...this.#members, member];
    if (!independent(members, rows)) return false;
    this.#members.push(member);
    this.#rows = rows;
    return true;
  }

  /** The loops as one step, where that spares anything. */
  joined(context: RowContext, uses: ReadonlyMap<number, number>): RowsStep | undefined {
    const rows = this.#rows;
    const members = this.#members;
    if (rows === undefined || members.length < 2 || !passesOn(members)) return undefined;
    const { buffers, threads, near } = context;
    const bytes = members.reduce((sum, member) => sum + bytesOfRow(member, rows), 0);
    if (fixedValue(rows) !== undefined && bytes * typical(rows) <= 2 * near) return undefined;
    const block = Math.max(1, Math.floor(near / bytes));
    const windows = new Map<number, number>();
    const kept = [...this.#keptRows(rows, buffers, uses)].map(([buffer, row]) => {
      const window = buffers.window();
      windows.set(buffer, window);
      return { window, scratch: buffers.raw(times(fixed(block * threads), row)), bytes: row };
    });
    const loops = members.map(({ loop }) => withWindows(loop, windows));
    return { kind: "rows", rows, block, loops, kept };
  }

  /** The buffers that nothing but these loops needs, with the bytes of their rows. */
  #keptRows(rows: Size, buffers: Buffers, uses: ReadonlyMap<number, number>): Map<number, Size> {
    const kept = new Map<number, Size>();
    const other = new Set<number>();
    for (const member of this.#members) {
      for (const { buffer } of member.loop.reductions) other.add(buffer);
      for (const touch of member.touches) {
        const row = rowOf(touch, member, rows);
        if (row === undefined || buffers.isLasting(touch.buffer)) other.add(touch.buffer);
        else kept.set(touch.buffer, row);
      }
    }
    const touching = usesOf(this.#members.map(({ loop }) => loop));
    for (const buffer of kept.keys()) {
      if (other.has(buffer) || touching.get(buffer) !== uses.get(buffer)) kept.delete(buffer);
    }
    return kept;
  }
}

/** A loop that finds some buffers in windows. */
function withWindows(loop: LoopStep, windows: ReadonlyMap<number, number>): LoopStep {
  const moved = (view: View): View => {
    const { source } = view;
    const window = source.kind === "buffer" ? windows.get(source.buffer) : undefined;
    return window === undefined ? view : { ...view, source: { kind: "window", window } };
  };
  return {
    ...loop,
    reads: loop.reads.map(moved),
    stores: loop.stores.map(({ operand, view }) => ({ operand, view: moved(view) })),
  };
}

function memberOf(loop: LoopStep, threads: number): Member | undefined {
  const { sizes, strides, origins } = axesOf(loop);
  const [rounds] = sizes;
  if (rounds === undefined) return undefined;
  for (const { axes } of loop.reductions) {
    // What is combined over all axes is held in locals, from the first element to the last.
    if (origins.every((axis) => axes.includes(axis))) return undefined;
    if (threads > 1 && axes.includes(origins[0] as number)) return undefined;
  }
  const touches: Touch[] = [];
  const add = (view: View, own: readonly Size[], writes: boolean): boolean => {
    if (view.source.kind === "window") return false;
    if (view.source.kind !== "buffer") return true;
    const bytes = fixed(elementBytes[view.dtype]);
    const inner = view.offset.length > 0 ? undefined : extent(sizes.slice(1), own.slice(1));
    touches.push({
      buffer: view.source.buffer,
      writes,
      step: times(own[0] as Size, bytes),
      inside: inner && times(inner, bytes),
    });
    return true;
  };
  const views = [
    ...loop.reads.map((view) => ({ view, writes: false })),
    ...loop.stores.map(({ view }) => ({ view, writes: true })),
    ...loop.reductions.map(({ buffer, dtype }) => ({
      view: wholeView(buffer, { shape: [], dtype }),
      writes: true,
    })),
  ];
  const known = views.every(({ view, writes }, i) =>
    add(view, strides[i] as readonly Size[], writes),
  );
  return known ? { loop, rounds, touches } : undefined;
}

/** Elements from the first to behind the last, if those between are all touched or repeated. */
function extent(sizes: readonly Size[], strides: readonly Size[]): Size | undefined {
  let length = fixed(1);
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const stride = strides[axis] as Size;
    if (stride.factor === 0) continue;
    if (!sameSize(stride, length)) return undefined;
    length = times(length, sizes[axis] as Size);
  }
  return length;
}

/** The rows that both numbers of rounds are multiples of: the smaller number. */
function commonRows(a: Size, b: Size): Size | undefined {
  if (quotient(b, a) !== undefined) return a;
  return quotient(a, b) === undefined ? undefined : b;
}

/** Whether no loop touches in a row what another writes in another row. */
function independent(members: readonly Member[], rows: Size): boolean {
  const parts = new Map<number, { readonly row: Size | undefined; readonly member: Member }[]>();
  const written = new Set<number>();
  for (const member of members) {
    for (const touch of member.touches) {
      const known = parts.get(touch.buffer) ?? [];
      known.push({ row: rowOf(touch, member, rows), member });
      parts.set(touch.buffer, known);
      if (touch.writes) written.add(touch.buffer);
    }
  }
  for (const buffer of written) {
    const touches = parts.get(buffer) ?? [];
    const [first] = touches;
    if (touches.every(({ member }) => member === first?.member)) continue;
    const row = first?.row;
    if (row === undefined) return false;
    if (!touches.every((one) => one.row !== undefined && sameSize(one.row, row))) return false;
  }
  return true;
}

/** Bytes of a row, if a row's touches are within a part of the buffer of its own. */
function rowOf({ step, inside }: Touch, { rounds }: Member, rows: Size): Size | undefined {
  if (inside === undefined || step.factor === 0) return undefined;
  // Rounds lie side by side, so that those of a row do.
  return sameSize(step, inside) ? times(step, quotient(rounds, rows) as Size) : undefined;
}

/** Whether a loop reads what one before it writes. */
function passesOn(members: readonly Member[]): boolean {
  const written = new Set<number>();
  for (const { touches } of members) {
    if (touches.some(({ buffer, writes }) => !writes && written.has(buffer))) return true;
    for (const { buffer, writes } of touches) if (writes) written.add(buffer);
  }
  return false;
}

function bytesOfRow({ rounds, touches }: Member, rows: Size): number {
  const each = typical(quotient(rounds, rows) as Size);
  return touches.reduce((sum, { step }) => sum + each * typical(step), 0);
}

function typical({ factor, names }: Size): number {
  return Math.abs(factor) * TYPICAL ** names.length;
}
