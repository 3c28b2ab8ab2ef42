import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { openPage } from "../support/openPage.ts";
import { describeWith } from "../support/requireTool.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundle = `${root}packages/cli/dist/browser.js`;
const source = readFileSync(bundle, "utf8");

it("one file holds what the packages export, and imports nothing", async () => {
  // Far from the workspace nothing else can be found.
  const folder = mkdtempSync(join(tmpdir(), "chainrule-bundle-"));
  const alone = join(folder, "browser.mjs");
  copyFileSync(bundle, alone);
  const held = await import(pathToFileURL(alone).href);
  rmSync(folder, { recursive: true });
  const entries = ["", "/parse", "/rewrite", "/linear", "/random", "/conv", "/sparse", "/json"];
  const names = entries.map((entry) => `@chainrule/core${entry}`);
  for (const name of [...names, "@chainrule/render"]) {
    const exported = Object.keys(await import(name));
    expect(exported.length).toBeGreaterThan(0);
    expect(Object.keys(held)).toEqual(expect.arrayContaining(exported));
  }
  expect(Object.keys(held.nn).sort()).toEqual(Object.keys(await import("@chainrule/nn")).sort());
  const control = await import("@chainrule/core/control");
  expect(Object.keys(held.control).sort()).toEqual(Object.keys(control).sort());
});

it("names the licences of all that it holds", () => {
  const told = readFileSync(bundle.replace(".js", ".licences.txt"), "utf8");
  for (const name of ["temml", "@dagrejs/dagre", "d3-array", "@resvg/resvg-wasm"]) {
    expect(told).toContain(`\n${name} `.trimStart());
  }
  expect(source).toContain("Holds the parser of mathjs, https://mathjs.org: Apache-2.0");
});

it("elements are refused where there is no page", async () => {
  const { graphElement, parse } = await import(pathToFileURL(bundle).href);
  expect(() => graphElement(parse("f = x^2"))).toThrow("an element needs a page to stand in");
});

/** Moves a slider of the example page, and tells what the page shows. */
const visit = `
const until = async (find) => {
  for (;;) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const svg = await until(() => document.querySelector("#drawing svg"));
const before = svg.textContent.includes("−10");
const [a] = document.querySelectorAll("input");
a.value = "5";
a.dispatchEvent(new Event("input"));
const formulas = [...document.querySelectorAll("#formulas math")];
await fetch("/", {
  method: "POST",
  body: JSON.stringify({
    before,
    after: document.querySelector("#drawing svg").textContent.includes("−14"),
    formulas: formulas.map((one) => one.textContent),
    drawn: formulas[1].getBoundingClientRect().width > 0,
  }),
});
`;

describeWith("chromium", "the example page", () => {
  it("works without a build step", async () => {
    const page = readFileSync(`${root}examples/pages/index.html`, "utf8");
    const { posted, requested } = await openPage({
      files: {
        "index.html": page
          .replace("../../packages/cli/dist/browser.js", "./browser.js")
          .replace("</body>", '<script type="module" src="visit.js"></script></body>'),
        "browser.js": source,
        "visit.js": visit,
      },
    });
    expect(JSON.parse(posted)).toEqual({
      before: true,
      after: true,
      formulas: ["2c", "c", "a+2b"],
      drawn: true,
    });
    expect(requested.filter((path) => path.endsWith(".js")).sort()).toEqual([
      "browser.js",
      "visit.js",
    ]);
  }, 120_000);
});
