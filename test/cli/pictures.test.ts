import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "chainrule";
import { afterAll, describe, expect, it } from "vitest";
import { readDot } from "../support/readDot.ts";
import { readXml } from "../support/readXml.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-pictures-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function chainrule(...args: readonly string[]): Promise<[number, string, string]> {
  const said = { out: "", error: "" };
  const code = await run(args, {
    out: (text) => {
      said.out += text;
    },
    error: (text) => {
      said.error += text;
    },
    color: false,
  });
  return [code, said.out, said.error];
}

const lecture = ["d = 2b; e = a + d; L = c e", "a=3", "b=1", "c=-2"] as const;

describe("pictures", () => {
  it("of every kind hold the numbers", async () => {
    const found = { dot: "-10", svg: "−10", tikz: "$-10$", mermaid: "−10", html: "−10" };
    for (const [format, text] of Object.entries(found)) {
      const [code, out, error] = await chainrule(...lecture, "--format", format);
      expect([code, error]).toEqual([0, ""]);
      expect(out, format).toContain(text);
      if (format === "svg" || format === "html") expect(readXml(out).length).toBeGreaterThan(20);
      if (format === "dot") expect(readDot(out).errors).toEqual([]);
    }
  });

  it("need no values", async () => {
    const [code, out] = await chainrule("sin(x)/x", "--format", "svg");
    expect(code).toBe(0);
    expect(out).toContain(">f = v1/x<");
  });

  it("merge steps without a name where asked", async () => {
    const text = "E = 1/2 (t - w x)^2";
    const [, out] = await chainrule(text, "t=1", "w=2", "x=3", "--format", "svg", "--merge");
    expect(out).toContain(">E = 1/2·(t − w·x)²<");
  });

  it("are written to files, a PNG only there", async () => {
    const path = join(folder, "graph.png");
    const [code, out, error] = await chainrule(...lecture, "--format", "png", "-o", path);
    expect([code, out, error]).toEqual([0, "", ""]);
    expect([...readFileSync(path).subarray(0, 4)]).toEqual([137, 80, 78, 71]);
    const [refused, , why] = await chainrule(...lecture, "--format", "png");
    expect(refused).toBe(2);
    expect(why).toBe("chainrule: --format png: a file must be named with -o, got none\n");
  });
});
