import type { Expr } from "@chainrule/core";
import { sameAxes, sameView } from "./nodeViews.ts";
import type { LoopClass, LoopStep, Operand, Step } from "./step.ts";
import { broadcastView, isMemory, type Source, type View } from "./view.ts";

/** Values of one loop; more would not fit into registers, and compile slowly. */
const MOST_VALUES = 96;

/** Loops before the newest that are looked at for one that reads the same memory. */
const LOOK_BACK = 12;

/** What a loop is wanted for. */
interface Wish {
  /** A node over whose axes it runs. */
  readonly space: Pick<Expr, "shape">;
  readonly type: LoopClass;
  /** The first step that it may be. */
  readonly earliest: number;
  /** Memory that is read. */
  readonly sources: ReadonlySet<Source>;
  /** A step that would be best; −1 for none. */
  readonly wanted: number;
}

/** The loops among the steps of a schedule. */
export class Loops {
  readonly #steps: Step[];
  readonly #fuse: boolean;

  constructor(steps: Step[], fuse: boolean) {
    this.#steps = steps;
    this.#fuse = fuse;
  }

  at(step: number): LoopStep {
    return this.#steps[step] as LoopStep;
  }

  /** The wanted loop, one that reads the same memory, or a new one; gives its step. */
  find(wish: Wish): number {
    const { space, type, earliest, sources, wanted } = wish;
    if (!this.#fuse) return this.add(space.shape, type);
    if (wanted >= 0 && this.#fits(wanted, wish)) return wanted;
    const least = Math.max(earliest, this.#steps.length - LOOK_BACK, 0);
    for (let step = this.#steps.length - 1; step >= least; step--) {
      if (!this.#fits(step, wish)) continue;
      const shared = this.at(step).reads.some((view) => isMemory(view) && sources.has(view.source));
      if (shared || space.shape.length === 0) return step;
    }
    return this.add(space.shape, type);
  }

  /** A new loop; gives its step. */
  add(space: Expr["shape"], type: LoopClass): number {
    const loop: LoopStep = {
      kind: "loop",
      space,
      type,
      reads: [],
      values: [],
      stores: [],
      reductions: [],
    };
    return this.#steps.push(loop) - 1;
  }

  /** A loop that copies elements from one view to another. */
  copy(source: View, target: View): void {
    const loop = this.at(this.add(target.shape, target.dtype === "f32" ? "f32" : "f64"));
    loop.stores.push({ operand: readIn(loop, source), view: target });
  }

  #fits(step: number, { space, type, earliest }: Wish): boolean {
    const loop = this.#steps[step];
    return (
      loop?.kind === "loop" &&
      step >= earliest &&
      loop.type === type &&
      loop.values.length < MOST_VALUES &&
      sameAxes(loop, space)
    );
  }
}

/** A read of a view inside a loop, the one there is if it reads the same. */
export function readIn(loop: LoopStep, view: View): Operand {
  const broadcast = broadcastView(view, loop.space);
  const known = loop.reads.findIndex((read) => sameView(read, broadcast));
  const index = known >= 0 ? known : loop.reads.push(broadcast) - 1;
  return { kind: "read", index };
}
