import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeWith } from "../support/requireTool.ts";
import tools from "../support/tools.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));
const support = fileURLToPath(new URL("../support/runtimes", import.meta.url));
const deno = join(root, tools.deno.probe[0] as string);
const bun = join(root, tools.bun.probe[0] as string);

/** The whole way: text, gradient, drawing, compiled code, training. */
const expected = {
  L: -10,
  db: -4,
  latex: "c(a + 2b)",
  drawn: true,
  compiled: { L: -10 },
  learnt: true,
};

describeWith("deno", "Deno", () => {
  it("runs the built packages, without any permission", () => {
    const args = ["run", "--node-modules-dir=manual", "--no-prompt", join(support, "program.mjs")];
    expect(JSON.parse(execFileSync(deno, args, { cwd: root, encoding: "utf8" }))).toEqual(expected);
  });
});

describeWith("bun", "Bun", () => {
  it("runs the built packages", () => {
    const output = execFileSync(bun, [join(support, "program.mjs")], {
      cwd: root,
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual(expected);
  });
});

describeWith(["deno", "jupyter"], "A notebook on Deno's kernel", () => {
  it("shows an expression as mathematics and a program as a drawing", () => {
    const home = mkdtempSync(join(tmpdir(), "chainrule-notebook-"));
    const path = `${dirname(deno)}${delimiter}${process.env["PATH"]}`;
    const options = {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, HOME: home, PATH: path },
    } as const;
    try {
      execFileSync(deno, ["jupyter", "--install"], options);
      const script = join(support, "notebook.py");
      const python = ["-c", 'exec "$(command -v -p python3)" "$0" "$1"', script, root];
      const told = JSON.parse(execFileSync("sh", python, options)) as Record<string, string>[];
      expect(told).toHaveLength(2);
      expect(told[0]).toEqual({
        "text/latex": "$\\displaystyle c(a + 2b)$",
        "text/plain": "c(a + 2b)",
      });
      expect(told[1]?.["image/svg+xml"]).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
      expect(told[1]?.["text/plain"]).toBe("d = 2b\ne = a + d\nL = c e");
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, 120_000);
});
