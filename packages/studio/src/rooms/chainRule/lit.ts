import type { Signal } from "@preact/signals";
import type { Lesson } from "./lesson.ts";

/** An edge by the names of its ends, as `∂of/∂by` names them. */
export interface LitEdge {
  readonly of: string;
  readonly by: string;
}

/** What is pointed at, in a formula or in the drawing; both light up. */
export type Lit = Signal<readonly LitEdge[] | undefined>;

/** Whether one of these edges is pointed at. */
export function isLit({ value }: Lit, edges: readonly LitEdge[]): boolean {
  return edges.some(({ of, by }) => value?.some((one) => one.of === of && one.by === by));
}

/**
 * The arrows that a factor `∂of/∂by` stands for: one, or two where a derivation passes over an output
 * that only adds up, `∂E/∂o` for `∂E/∂E₁ · ∂E₁/∂o`.
 */
export function arrowsOf({ walk }: Lesson, { of, by }: LitEdge): readonly LitEdge[] {
  const usersOf = (name: string): readonly string[] => {
    const step = walk.backward.find(({ quantity }) => quantity.name === name);
    return step?.terms.map(({ user }) => user.name) ?? [];
  };
  const users = usersOf(by);
  if (users.includes(of)) return [{ of, by }];
  const between = users.filter((user) => usersOf(user).includes(of));
  const found = between.flatMap((user) => [
    { of: user, by },
    { of, by: user },
  ]);
  return found.length > 0 ? found : [{ of, by }];
}
