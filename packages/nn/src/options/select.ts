import { ArgumentError, describe } from "@chainrule/core";

/** Which parameters: a path or the layer above them, a pattern, or a question. */
export type Select = string | RegExp | ((path: string) => boolean);

/** Whether a path is selected: the path itself, or one below it. */
export function isSelected(select: Select, path: string): boolean {
  if (typeof select === "function") return select(path);
  // `search` tells without the state that a global pattern's `test` keeps.
  if (select instanceof RegExp) return path.search(select) >= 0;
  return path === select || path.startsWith(`${select}.`);
}

/** Throws ArgumentError for a path or a pattern that fits no parameter: a name mistyped freezes nothing. */
export function selectAny(where: string, select: Select, paths: readonly string[]): void {
  const asked = typeof select === "string" || select instanceof RegExp;
  if (!asked && typeof select !== "function") {
    throw new ArgumentError(
      `${where}: must be a path, a pattern or a function of the path, got ${describe(select)}`,
    );
  }
  if (!asked || paths.some((path) => isSelected(select, path))) return;
  const shown = paths.length > 10 ? [...paths.slice(0, 10), "…"] : paths;
  throw new ArgumentError(
    `${where}: must fit a parameter, one of ${shown.join(", ")}, got ${typeof select === "string" ? describe(select) : String(select)}`,
  );
}
