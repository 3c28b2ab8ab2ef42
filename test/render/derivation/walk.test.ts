import { parse } from "@chainrule/core/parse";
import {
  type DerivationOptions,
  derivation,
  type Walk,
  type WalkStep,
  walkOf,
} from "@chainrule/render";
import { describe, expect, it } from "vitest";

function walk(
  text: string,
  values: Readonly<Record<string, number>> | undefined,
  options: DerivationOptions = {},
): Walk {
  const worked = derivation(parse(text), values, { mostPaths: 0, ...options });
  if (worked.kind !== "scalar") throw new Error("walk: the graph must be one of scalars");
  return walkOf(worked);
}

function told({ name, lines }: WalkStep): string {
  const rest = lines.map(({ relation, right }) => `${relation} ${right.text}`).join(" ");
  return `${name.text} ${rest}`;
}

describe("walkOf", () => {
  const lecture = walk("d = 2b; e = a + d; L = c e", { a: 3, b: 1, c: -2 });

  it("goes forward value by value, then backward adjoint by adjoint", () => {
    expect(lecture.inputs.map(({ name }) => name)).toEqual(["c", "a", "b"]);
    expect(lecture.forward.map(told)).toEqual([
      "d = 2b = 2 * 1 = 2",
      "e = a + d = 3 + 2 = 5",
      "L = c e = -2 * 5 = -10",
    ]);
    expect(lecture.backward.map(told)).toEqual([
      "∂L/∂L = 1",
      "∂L/∂e = ∂L/∂L · ∂L/∂e = 1 · (-2) = -2",
      "∂L/∂d = ∂L/∂e · ∂e/∂d = -2 · 1 = -2",
      "∂L/∂c = ∂L/∂L · ∂L/∂c = 1 · 5 = 5",
      "∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · 1 = -2",
      "∂L/∂b = ∂L/∂d · ∂d/∂b = -2 · 2 = -4",
    ]);
  });

  it("tells of every term the user, the rule, and upstream times local", () => {
    const [, e] = lecture.backward;
    const [term] = e?.terms ?? [];
    expect(term?.user.name).toBe("L");
    expect(term?.upstream.latex).toBe("\\frac{\\partial L}{\\partial L}");
    expect(term?.local.shown.text).toBe("c");
    expect(term?.local.rules).toEqual(["product rule"]);
    expect(term?.local.value?.number.text).toBe("-2");
    expect(term?.numbers?.text).toBe("1 · (-2)");
    expect(term?.value).toMatchObject({ relation: "=", number: { text: "-2" } });
  });

  it("adds up what several users send back", () => {
    const { backward } = walk("p = sin(x); q = x^2; y = p q", { x: 2 });
    const last = backward.at(-1);
    expect(last?.terms.map(({ user }) => user.name)).toEqual(["p", "q"]);
    expect(last === undefined ? "" : told(last)).toBe(
      "∂y/∂x = ∂y/∂p · ∂p/∂x + ∂y/∂q · ∂q/∂x ≈ 4 · (-0.416147) + 0.909297 · 4 " +
        "≈ -1.66459 + 3.63719 ≈ 1.97260",
    );
  });

  it("passes over inputs that no path leads from, and stays in symbols without values", () => {
    const { backward } = walk("u = z^2; y = a + 2x", undefined, { wrt: ["z", "x"] });
    expect(backward.map(({ name }) => name.text)).toEqual(["∂y/∂y", "∂y/∂v1", "∂y/∂x"]);
    expect(backward[1]?.terms[0]?.value).toBeUndefined();
  });

  it("has one step for a result that is a number for good, and nothing to differentiate by", () => {
    const { inputs, forward, backward } = walk("y = 2 + 3", {});
    expect(inputs).toEqual([]);
    expect(forward.map(told)).toEqual(["y = 2 + 3 = 2 + 3 = 5"]);
    expect(backward).toEqual([]);
    expect(walk("pi", {}).forward.map(told)).toEqual(["y = pi = pi ≈ 3.14159"]);
  });

  it("gives no step a name that looks like another one", () => {
    const { forward } = walk("v_1 = 2x; y = (x + 1) v_1 + (x + 1)", { x: 1 });
    expect(forward.map(({ quantity }) => quantity.name)).toEqual(["v2", "v_1", "y"]);
  });
});
