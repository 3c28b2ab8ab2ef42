import type { latexToMathml } from "@chainrule/render/mathml";
import { signal } from "@preact/signals";
import { whenIdle } from "./whenIdle.ts";

const loaded = signal<typeof latexToMathml | undefined>(undefined);
let asked = false;

/** Milliseconds that LaTeX stands there at most, also on a page that has more urgent things to draw. */
const LATEST = 300;

/** What sets LaTeX as MathML; undefined until it has come, and whoever asked is drawn again then. */
export function setter(): typeof latexToMathml | undefined {
  if (!asked) {
    asked = true;
    whenIdle(async () => {
      const { latexToMathml } = await import("@chainrule/render/mathml");
      loaded.value = latexToMathml;
    }, LATEST);
  }
  return loaded.value;
}
