import { add, type Expr, mul, Program, parameter, scalar, sigmoid } from "@chainrule/core";
import { toDot, toHtml, toMermaid, toSvg, toTikz } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { countLetters } from "../../support/countLetters.ts";
import { countSteps } from "../../support/countSteps.ts";

/** Chains, fans and wide sums over one variable: about `count` nodes. */
function shapes(count: number): Readonly<Record<string, () => Expr>> {
  return {
    chain: () => {
      let y: Expr = scalar("x");
      for (let i = 0; i < count; i++) y = sigmoid(y);
      return y;
    },
    fan: () => {
      const x = scalar("x");
      let y: Expr = x;
      for (let i = 0; i < count / 2; i++) y = add(mul(y, x), i + 0.5);
      return y;
    },
    wide: () => {
      let level: Expr[] = Array.from({ length: count / 4 }, (_, i) =>
        mul(parameter(`w${i}`), parameter(`u${i}`)),
      );
      while (level.length > 1) {
        level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
          const [a, b] = [level[2 * i] as Expr, level[2 * i + 1]];
          return b === undefined ? a : add(a, b);
        });
      }
      return level[0] as Expr;
    },
  };
}

const printers: Readonly<Record<string, (expr: Expr) => string>> = {
  toDot,
  toSvg,
  toTikz,
  toMermaid,
  toHtml,
};

describe("graphs of 100,000 nodes", () => {
  for (const shape of ["chain", "fan", "wide"]) {
    for (const [name, print] of Object.entries(printers)) {
      // The others draw the same boxes.
      if (shape !== "fan" && print !== toDot && print !== toSvg) continue;
      it(`${name} of a ${shape} takes steps in proportion to the nodes`, () => {
        const [half, whole] = [50_000, 100_000].map((count) => {
          const graph = (shapes(count)[shape] as () => Expr)();
          return countSteps(() => void print(graph));
        }) as [number, number];
        expect(whole / half).toBeLessThan(2.3);
      }, 120_000);
    }
  }

  for (const [name, print] of Object.entries({ toDot, toSvg })) {
    it(`${name} looks at letters in proportion to the nodes`, () => {
      const [half, whole] = [50_000, 100_000].map((count) => {
        const graph = (shapes(count)["fan"] as () => Expr)();
        return countLetters(() => void print(graph));
      }) as [number, number];
      expect(half).toBeGreaterThan(50_000);
      expect(whole / half).toBeLessThan(2.3);
    }, 120_000);
  }

  it("are pictures of 20 to 200 boxes", () => {
    for (const [name, make] of Object.entries(shapes(100_000))) {
      const boxes = [...toSvg(make()).matchAll(/class="box /g)].length;
      expect(boxes, name).toBeGreaterThanOrEqual(20);
      expect(boxes, name).toBeLessThanOrEqual(200);
    }
  }, 120_000);

  it("are printed in full as DOT, and in full as a picture that asks for it", () => {
    const graph = (shapes(3_000)["chain"] as () => Expr)();
    expect([...toDot(graph).matchAll(/ -> /g)]).toHaveLength(3_000);
    expect([...toSvg(graph, { fold: false }).matchAll(/class="box /g)]).toHaveLength(3_001);
  }, 60_000);
});

describe("unfolding", () => {
  it("reaches every node, and opens the scopes around it", () => {
    const scopes = new Map<Expr, readonly string[]>();
    let y: Expr = scalar("x");
    for (let layer = 0; layer < 30; layer++) {
      for (let i = 0; i < 30; i++) {
        y = sigmoid(y);
        scopes.set(y, [`block${layer}`, i < 15 ? "first" : "second"]);
      }
    }
    const program = new Program({ definitions: { y }, scopes });
    const closed = toSvg(program);
    expect(closed).toContain(">block7<");
    expect(closed).not.toContain("block7: ");
    const open = toSvg(program, { unfold: ["block7/second"] });
    const nodes = (svg: string): number => [...svg.matchAll(/>\w+ = σ\(/g)].length;
    expect(nodes(open)).toBe(nodes(closed) + 15);
    const seen = new Set<string>();
    for (let layer = 0; layer < 30; layer++) {
      const both = [`block${layer}/first`, `block${layer}/second`];
      for (const [, name] of toSvg(program, { unfold: both }).matchAll(/>(\w+) = σ\(/g)) {
        seen.add(name as string);
      }
    }
    expect(seen.size).toBe(900);
  });

  it("opens the runs of a graph without scopes down to its nodes", () => {
    const graph = (shapes(10_000)["chain"] as () => Expr)();
    const runs = (svg: string): string[] =>
      [...svg.matchAll(/aria-label="folded scope ([^,"]+)/g)].map(([, name]) => name as string);
    const [first] = runs(toSvg(graph)) as [string];
    const inner = runs(toSvg(graph, { unfold: [first] })).filter((run) => run !== first);
    expect(inner.length).toBeGreaterThan(20);
    expect(toSvg(graph, { unfold: [`${first}/${inner[0]}`] })).toContain(">v1 = σ(x)<");
  });

  it("tells which scopes there are", () => {
    const program = new Program({ definitions: { y: sigmoid(scalar("x")) } });
    expect(() => toSvg(program, { fold: true, unfold: ["encoder"] })).toThrow(
      /unfold: a scope of the drawing must be named \(there is none\), got "encoder"/,
    );
  });
});
