import { Expr, Program } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { notebookDisplay, showInNotebooks, toSvg } from "@chainrule/render";
import { afterEach, describe, expect, it } from "vitest";

const DISPLAY = Symbol.for("Jupyter.display");
const program = parse("s = x y; f = s^2");

afterEach(() => {
  for (const { prototype } of [Expr, Program]) Reflect.deleteProperty(prototype, DISPLAY);
});

describe("notebooks", () => {
  it("are given mathematics for an expression, a drawing for a program, and both as text", () => {
    expect(notebookDisplay(program.definitions.s)).toEqual({
      "text/latex": "$\\displaystyle x y$",
      "text/plain": "x y",
    });
    expect(notebookDisplay(program, { width: 300 })).toEqual({
      "image/svg+xml": toSvg(program, { width: 300 }),
      "text/plain": "s = x y\nf = s^2",
    });
  });

  it("show values by themselves only once asked to", () => {
    expect(DISPLAY in program).toBe(false);
    showInNotebooks({ theme: "dark" });
    const shown = (program as unknown as Record<symbol, () => unknown>)[DISPLAY]?.();
    expect(shown).toEqual(notebookDisplay(program, { theme: "dark" }));
    expect(DISPLAY in program.result).toBe(true);
  });

  it("are told what can be shown", () => {
    expect(() => notebookDisplay("f" as never)).toThrow(
      'notebookDisplay: the target must be an expression or a program, got "f"',
    );
  });
});
