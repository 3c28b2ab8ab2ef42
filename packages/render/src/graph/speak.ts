import type { Box } from "./drawing.ts";

/** What a screen reader says of a box: kind, name, formula, and every line. */
export function speak({ kind, name, formula, lines }: Box): string {
  const head = formula === undefined ? name : `${name} = ${formula}`;
  const told = lines.map(({ role, text }) =>
    role === "adjoint" || role === "count" ? text : `${role} ${text}`,
  );
  return [kind === "scope" ? `folded scope ${head}` : `${kind} ${head}`, ...told].join(", ");
}
