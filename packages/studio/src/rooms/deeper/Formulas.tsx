import type { JSX } from "preact";
import { Formula } from "../../design/index.ts";

/** Formulas beside each other where there is room, else below. */
export function Formulas({ all }: { readonly all: readonly string[] }): JSX.Element {
  return (
    <div class="formulas">
      {all.map((latex) => (
        <Formula key={latex} latex={`\\displaystyle ${latex}`} />
      ))}
    </div>
  );
}
