import type { Lesson } from "../lesson.ts";

/** A derivative that the page hides: a local one on an edge, or the adjoint of a node. */
export interface Question {
  readonly kind: "partial" | "adjoint";
  /** The names `∂of/∂by` is asked of. */
  readonly of: string;
  readonly by: string;
  /** `∂of/∂by` as LaTeX. */
  readonly symbol: string;
  /** Position of the step at which the answer would be seen; what comes before may be. */
  readonly position: number;
}

/**
 * The questions of a walk in the order of its way back: the local derivatives of each step, then its
 * adjoint. A direct partial is left out, since ∂of/∂by as a whole is another one.
 */
export function questionsOf({ walk, steps }: Lesson): readonly Question[] {
  const out: Question[] = [];
  const first = steps.length - walk.backward.length;
  walk.backward.forEach(({ quantity, name, terms }, i) => {
    const by = quantity.name;
    for (const { user, local } of terms) {
      if (local.component.direct) continue;
      const of = local.component.of.name;
      // ∂L/∂e at the output is its adjoint too: one question is enough.
      if (terms.length === 1 && user.node === walk.backward[0]?.quantity.node) continue;
      out.push({ kind: "partial", of, by, symbol: local.symbol.latex, position: first + i });
    }
    const top = walk.backward[0]?.quantity.name;
    if (terms.length > 0 && top !== undefined) {
      out.push({ kind: "adjoint", of: top, by, symbol: name.latex, position: first + i });
    }
  });
  return out;
}

/** The question at a position, going round; undefined where the graph has none. */
export function questionAt(lesson: Lesson, position: number): Question | undefined {
  const all = questionsOf(lesson);
  return all[position % Math.max(1, all.length)];
}
