import { type Expr, evaluate, type Program } from "@chainrule/core";
import { derivation, derivationText, toSvg } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { formats } from "../../../packages/studio/src/export/formats.ts";
import { shownIds } from "../../../packages/studio/src/rooms/activations/activationsState.ts";
import { activations } from "../../../packages/studio/src/rooms/activations/room.ts";
import { deeper } from "../../../packages/studio/src/rooms/deeper/room.ts";
import type { Exported } from "../../../packages/studio/src/rooms/room.ts";
import { worked } from "../../../packages/studio/src/rooms/worked/room.ts";

/** The number that the export's derivation ends with; tensors have matrices. */
function derivativeOf({ expr, values, wrt = "" }: Exported): number | undefined {
  const found = derivation(expr, values as Readonly<Record<string, number>>, { wrt: [wrt] });
  return found.kind === "scalar" ? found.derivatives[0]?.value.value : undefined;
}

describe("what the rooms hand to the export menu", () => {
  it("is the worked network with its numbers, by the weight of the page", () => {
    const { initial } = worked;
    expect(derivativeOf(worked.exported(initial) as Exported)).toBeCloseTo(0.0802031243, 10);
    const hidden = worked.exported({ ...initial, page: "w1" }) as Exported;
    expect(derivativeOf(hidden)).toBeCloseTo(0.001108058, 9);
  });

  it("is the activation at the tangent's point", () => {
    const { initial } = activations;
    for (const shown of shownIds) {
      const out = activations.exported({ ...initial, shown, x: -1, alpha: 0.2 });
      if (shown === "all") expect(out).toBeUndefined();
      else expect(() => derivativeOf(out as Exported)).not.toThrow();
      if (shown === "leakyRelu") expect(derivativeOf(out as Exported)).toBe(0.2);
    }
  });

  it("is what a deeper network computes", () => {
    const { initial } = deeper;
    const unrolled = deeper.exported({ ...initial, part: "recurrent" }) as Exported;
    expect(derivativeOf(unrolled)).toBeGreaterThan(0);
    for (const part of ["convolution", "attention"] as const) {
      const { expr, program, values, wrt } = deeper.exported({ ...initial, part }) as Exported;
      const text = derivationText(derivation(program ?? expr, values, { wrt: [wrt ?? ""] }));
      expect(text).toContain(`∂${part === "attention" ? "first" : "map"}/∂${wrt}`);
      expect(toSvg(program ?? expr, { values })).toContain("<svg");
    }
  });

  it("is the game as it begins, in every form", async () => {
    const { initial } = deeper;
    const game = deeper.exported({ ...initial, part: "gan", gan: { seed: 7, pace: "fast" } });
    const { expr, program, values } = game as Exported;
    const { fake } = (program as Program).definitions;
    const [loss, score] = [expr, fake as Expr].map((node) => evaluate(node.sum(), values));
    expect(loss).toBeCloseTo(Math.log1p(Math.exp(-(score as number))), 12);
    for (const { id, make } of formats.filter((form) => form.id !== "png")) {
      expect(String(await make(game as Exported)), id).toContain("noise");
    }
  });
});
