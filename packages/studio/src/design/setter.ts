import type { latexToMathml } from "@chainrule/render/mathml";
import { signal } from "@preact/signals";

const loaded = signal<typeof latexToMathml | undefined>(undefined);
let asked = false;

/** What sets LaTeX as MathML; undefined until it has come, and whoever asked is drawn again then. */
export function setter(): typeof latexToMathml | undefined {
  if (!asked) {
    asked = true;
    import("@chainrule/render/mathml").then((module) => {
      loaded.value = module.latexToMathml;
    });
  }
  return loaded.value;
}
