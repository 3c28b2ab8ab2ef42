/** Keys that walk: where they lead from a position of `count`; undefined for every other key. */
export function stepTo(key: string, position: number, count: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case "ArrowRight":
      return Math.min(last, position + 1);
    case "ArrowLeft":
      return Math.max(0, position - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}

/** Where keys have a meaning of their own: fields, tabs, and the drawing, whose edges arrows walk. */
export const OWN_KEYS =
  "input, textarea, select, [contenteditable], [role=tab], svg, [data-own-keys]";

/** Whether a key pressed there may walk. */
export function mayWalk(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return false;
  const [inner] = event.composedPath();
  if (!(inner instanceof Element)) return true;
  return event.composedPath().every((at) => !(at instanceof Element) || !at.matches(OWN_KEYS));
}
