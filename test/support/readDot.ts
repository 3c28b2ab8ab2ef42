import { instance, type RenderError } from "@viz-js/viz";

const viz = await instance();

/**
 * Graphviz guesses the width of letters beyond ASCII, for which it has no table here, and says so once:
 * the one remark that a name in another script cannot avoid.
 */
const NO_WIDTH = /^Warning: no value for width of non-ASCII character/;

/** What Graphviz has to say of a DOT file, and the SVG it makes. */
export function readDot(source: string): { readonly errors: readonly RenderError[]; svg: string } {
  const { errors, output } = viz.render(source, { format: "svg" });
  return { errors: errors.filter(({ message }) => !NO_WIDTH.test(message)), svg: output ?? "" };
}
