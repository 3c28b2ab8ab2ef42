/** What of a graph is in sight, and what is pointed at; boxes go by their names. */
export interface GraphMarks {
  /** Boxes whose values are shown; all unless given. */
  readonly values?: ReadonlySet<string> | undefined;
  /** Boxes whose adjoints are shown, with what comes back along their arrows; all unless given. */
  readonly adjoints?: ReadonlySet<string> | undefined;
  /** What the eye is led to. */
  readonly current?: ReadonlySet<string> | undefined;
  /** Arrows that are being walked, as `edgeKey` writes them. */
  readonly walked?: ReadonlySet<string> | undefined;
  /** Arrows beside which nothing is told: a quiz asks for it. */
  readonly hidden?: ReadonlySet<string> | undefined;
  /** Paths in colours: the arrows of each. The rest is pale then. */
  readonly paths?: readonly ReadonlySet<string>[] | undefined;
}

/** An arrow's name: from an argument to its user. */
export function edgeKey(from: string, to: string): string {
  return `${from} → ${to}`;
}

/** Number of the colours that paths take in turn. */
export const PATH_COLOURS = 6;

/** Classes of a box. */
export function boxClass(
  { id, kind, output }: { readonly id: string; readonly kind: string; readonly output: boolean },
  marks: GraphMarks,
): string {
  const shown = (set: ReadonlySet<string> | undefined): boolean => set === undefined || set.has(id);
  return [
    "box",
    kind,
    output ? "output" : "",
    marks.current?.has(id) ? "current" : "",
    shown(marks.values) ? "" : "no-value",
    shown(marks.adjoints) ? "" : "no-adjoint",
    marks.paths === undefined || touches(marks.paths, id) ? "" : "pale",
  ]
    .filter((one) => one !== "")
    .join(" ");
}

/** Classes of an arrow; `from` and `to` are names of boxes. */
export function edgeClass(from: string, to: string, marks: GraphMarks): string {
  const key = edgeKey(from, to);
  const path = marks.paths?.findIndex((one) => one.has(key)) ?? -1;
  return [
    "edge",
    marks.walked?.has(key) ? "walked" : "",
    marks.hidden?.has(key) ? "secret" : "",
    // What comes back is known once its user's adjoint is.
    marks.adjoints === undefined || marks.adjoints.has(to) ? "" : "no-adjoint",
    marks.values === undefined || marks.values.has(to) ? "" : "no-value",
    marks.paths === undefined ? "" : path < 0 ? "pale" : `path${(path % PATH_COLOURS) + 1}`,
  ]
    .filter((one) => one !== "")
    .join(" ");
}

function touches(paths: readonly ReadonlySet<string>[], id: string): boolean {
  return paths.some((path) => {
    for (const key of path) if (key.startsWith(`${id} → `) || key.endsWith(` → ${id}`)) return true;
    return false;
  });
}
