import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "chainrule";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "chainrule-classroom-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function chainrule(...args: readonly string[]): Promise<Result> {
  let out = "";
  let error = "";
  const code = await run(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    color: false,
  });
  return { code, out, error };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("chainrule network", () => {
  it("writes the lecture's network, which is read back and differentiated", async () => {
    const { out, code } = await chainrule("network", "2-2-2", "--activation", "sigmoid");
    expect(code).toBe(0);
    expect(out).toContain("sum_h1 = i1 w1 + i2 w3 + b1\n");
    const path = file("network.txt", out);
    const json = await chainrule("--file", path, "--format", "json");
    const { outputs, gradients } = JSON.parse(json.out);
    expect(outputs.E).toBeCloseTo(0.24908954146037615, 12);
    expect(gradients.E.w5).toBeCloseTo(0.0802031243, 9);
  });

  it("writes to a file", async () => {
    const path = join(folder, "written.txt");
    const { out, code } = await chainrule("network", "3-2-1", "--no-values", "-o", path);
    expect([code, out]).toEqual([0, ""]);
    expect(readFileSync(path, "utf8")).toContain("E = 1/2 (target_1 - out_o1)^2");
  });

  it.each([["2"], ["2-x"], ["0-2"], ["9999-2"]])("refuses %s", async (layers) => {
    const { code, error } = await chainrule("network", layers);
    expect(code).toBe(2);
    expect(error).not.toBe("");
  });
});

describe("chainrule lecture", () => {
  it("prints one section", async () => {
    const { out, code } = await chainrule("lecture", "graph");
    expect(code).toBe(0);
    expect(out).toContain("∂L/∂b");
    expect(out).toContain("-10");
  });

  it.each(["markdown", "latex"])("prints everything as %s", async (format) => {
    const { out, code } = await chainrule("lecture", "--format", format);
    expect(code).toBe(0);
    expect(out).toContain("\\frac{\\partial E}{\\partial w_{1}}");
  });

  it("refuses a topic there is not", async () => {
    const { code, error } = await chainrule("lecture", "history");
    expect(code).toBe(2);
    expect(error).toContain('got "history"');
  });
});
