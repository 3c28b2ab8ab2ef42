import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { viteVersion } from "vitest/node";
import { packAll, published } from "./support/published.ts";
import { describeWith } from "./support/requireTool.ts";

const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chainrule-install-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command in a folder; what it printed, or an error with all of it. */
function run(cwd: string, command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")} must succeed, got\n${stdout}${stderr}`);
  }
}

/** A project of its own, far from the workspace, with all tarballs installed. */
function project(name: string, files: Record<string, string>, more: readonly string[] = []) {
  const at = join(folder, name);
  mkdirSync(at);
  const manifest = { name, private: true, type: "module" };
  const all = { ...files, "package.json": JSON.stringify(manifest) };
  for (const [path, text] of Object.entries(all)) writeFileSync(join(at, path), text);
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  run(at, "npm", "install", ...quiet, ...tarballs, ...more);
  return at;
}

const entries = published.flatMap((one) => one.entries);
let tarballs: readonly string[] = [];

const program = `
import { evaluate, grad } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { toLatex } from "@chainrule/render";

const { L } = parse("d = 2b; e = a + d; L = c e").definitions;
const { b } = parse("d = 2b; e = a + d; L = c e").variables;
const told = { ...evaluate({ L, db: grad(L, b) }, { a: 3, b: 1, c: -2 }), latex: toLatex(L) };
`;
const expected = { L: -10, db: -4, latex: "c(a + 2b)" };

describeWith("registry", "the packages, installed from their tarballs", () => {
  beforeAll(() => {
    tarballs = [...packAll(folder).values()];
  }, 120_000);

  it("run in a Node project, with their types", () => {
    const at = project("node", {
      "program.ts": `${program}\nexport const checked: number = told.L;`,
      "program.mjs": `${program}\nconsole.log(JSON.stringify(told));`,
      "entries.mjs": entries
        .map((entry, i) => `import * as m${i} from "${entry}"; console.log(Object.keys(m${i})[0]);`)
        .join("\n"),
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "nodenext", target: "es2022", strict: true, noEmit: true },
        files: ["program.ts"],
      }),
    });
    expect(JSON.parse(run(at, "node", "program.mjs"))).toEqual(expected);
    expect(run(at, "node", "entries.mjs").trim().split("\n")).toHaveLength(entries.length);
    expect(run(at, tsc, "-p", ".")).toBe("");
    const answer = run(at, "npx", "--no", "chainrule", "x^2", "x=3", "--format", "json");
    expect(JSON.parse(answer)).toMatchObject({ gradients: { f: { x: 6 } } });
  }, 120_000);

  it("bundle in a Vite project", () => {
    const main = `${program}\ndocument.title = JSON.stringify(told);`;
    const at = project(
      "vite",
      { "main.js": main, "index.html": '<script type="module" src="/main.js"></script>' },
      [`vite@${viteVersion}`],
    );
    run(at, "npx", "--no", "vite", "build");
    const [bundle = ""] = readdirSync(join(at, "dist", "assets"));
    // Just enough of a page for what Vite puts around the program.
    writeFileSync(
      join(at, "page.mjs"),
      `globalThis.document = { createElement: () => ({ relList: { supports: () => true } }) };
      await import("./dist/assets/${bundle}");
      console.log(document.title);`,
    );
    expect(JSON.parse(run(at, "node", "page.mjs"))).toEqual(expected);
  }, 120_000);
});
