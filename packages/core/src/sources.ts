import type { Expr } from "./expr.ts";
import { observing } from "./intern.ts";

const sources = new WeakMap<Expr, string>();

/** File, line and column at the end of a frame of a stack. */
const FRAME = /\(?((?:[a-z-]+:\/\/|\/|[A-Za-z]:\\)[^()]*):\d+:\d+\)?$/;

/** Rules call rules: more frames than the usual ten may lie inside this package. */
const FRAMES = 60;

function framesHere(): string[] {
  const settings = Error as { stackTraceLimit?: number };
  const before = settings.stackTraceLimit;
  settings.stackTraceLimit = FRAMES;
  const { stack = "" } = new Error("source");
  if (before !== undefined) settings.stackTraceLimit = before;
  return stack.split("\n").slice(1);
}

function folderOf(frame: string): string | undefined {
  return FRAME.exec(frame.trim())?.[1]?.replace(/[^/\\]*$/, "");
}

/** The folder of this package: frames inside it are not the caller's. */
let own: string | undefined;

/**
 * Runs `build`, and remembers for every node it makes the line of the program that asked for it;
 * `sourceOf` tells it, and so does the error of `evaluate(…, { trap: "nonfinite" })`.
 *
 * Slow (a stack a node): for looking, not for running. A node that existed before keeps its source.
 */
export function withSources<T>(build: () => T): T {
  return observing((node) => {
    const line = callerLine();
    if (line !== undefined) sources.set(node, line);
  }, build);
}

/** The line that built a node, `file:line:column`, if it was built under `withSources`. */
export function sourceOf(node: Expr): string | undefined {
  return sources.get(node);
}

/** The innermost line outside this package. */
function callerLine(): string | undefined {
  const frames = framesHere();
  own ??= folderOf(frames[0] ?? "");
  for (const frame of frames) {
    if (own !== undefined && frame.includes(own)) continue;
    const found = FRAME.exec(frame.trim());
    if (found !== null) {
      return found[0].replace(/^\(|\)$/g, "").replace(/^file:\/\//, "");
    }
  }
  return undefined;
}
