import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/requireTool.ts";
import { openStudio, type Studio } from "../support/openStudio.ts";

const package_ = fileURLToPath(new URL("../../../packages/studio", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describeWith("chromium", "<chain-rule>", () => {
  let studio: Studio;
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    studio = await openStudio();
    folder = join(studio.folder, "element");
    const vite = join(package_, "node_modules", ".bin", "vite");
    const args = ["build", "--mode", "element", "--outDir", folder, "--logLevel", "error"];
    execFileSync(vite, args, { cwd: package_, stdio: "pipe" });
    mkdirSync(join(studio.folder, "pages"));
  }, 120_000);
  afterEach(() => studio.closePages());
  afterAll(() => studio?.close());

  /** A page of somebody else with this body. */
  async function pageWith(body: string, options = {}) {
    const name = `pages/${++count}.html`;
    writeFileSync(
      join(studio.folder, name),
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
      <link rel="icon" href="../icon.svg"><script type="module" src="../element/chain-rule.js"></script></head>
      <body><main><h1>Page</h1>${body}</main></body></html>`,
    );
    return studio.open(studio.address + name, options);
  }

  const at = (element: Locator, hasText: string): Locator => element.locator(".place", { hasText });
  const text = (at: Locator, hasText: string): Locator => at.locator("svg text", { hasText });
  const lecture = `expr="L = c(a + 2b)" values="a = 3, b = 1, c = -2"`;

  it("weighs at most 150 KB gzipped before mathematics is shown", () => {
    const weight = (name: string): number => gzipSync(readFileSync(join(folder, name))).length;
    expect(readdirSync(folder).sort()).toEqual(["chain-rule-mathml.js", "chain-rule.js"]);
    expect(weight("chain-rule.js")).toBeLessThan(150_000);
    // What sets formulas is had later: nothing of it is in the first module.
    expect(readFileSync(join(folder, "chain-rule.js"), "utf8")).not.toContain("temml");
  });

  it("loads what sets formulas only where one is shown", async () => {
    const { page, faults } = await pageWith(`<chain-rule ${lecture} view="graph"></chain-rule>`);
    const loaded = (): Promise<boolean> =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").some(({ name }) => name.includes("mathml")),
      );
    const element = page.locator("chain-rule");
    await text(element, "∂L/∂b = −4").waitFor();
    expect(await loaded()).toBe(false);
    await element.evaluate((one) => one.setAttribute("view", "graph steps"));
    await element.locator("math").first().waitFor();
    expect(await loaded()).toBe(true);
    expect(faults).toEqual([]);
  });

  it("is stepped through and moved, and tells the page", async () => {
    const { page, faults } = await pageWith(
      `<chain-rule id="one" ${lecture} step="1" wrt="b"></chain-rule>
       <chain-rule id="two">y = x^2</chain-rule><output></output>`,
    );
    await page.evaluate(() => {
      document.querySelector("#one")?.addEventListener("change", (event) => {
        const told = JSON.stringify((event as CustomEvent).detail);
        (document.querySelector("output") as Element).textContent = told;
      });
    });
    const [one, two] = [page.locator("#one"), page.locator("#two")];
    await at(one, "Step 1 of 10").waitFor();
    await one.getByRole("button", { name: "One step on (→)" }).click();
    await at(one, "Step 2 of 10").waitFor();
    // Keys walk the element they are pressed in, and no other.
    await page.keyboard.press("ArrowRight");
    await at(one, "Step 3 of 10").waitFor();
    await at(two, "Step 4 of 4").waitFor();
    const told = async (): Promise<unknown> =>
      JSON.parse((await page.locator("output").textContent()) ?? "");
    expect(await told()).toEqual({ step: 3, values: { a: 3, b: 1, c: -2 }, wrt: "b" });
    await page.keyboard.press("End");
    await one.getByLabel("a, as a number").fill("5");
    await text(one, "−14").waitFor();
    expect(await told()).toMatchObject({ values: { a: 5, b: 1, c: -2 } });
    // What the page sets wins over what the reader has moved.
    await one.evaluate((element) => element.setAttribute("values", "a = 1, b = 1, c = 1"));
    await text(one, "∂L/∂c = 3").waitFor();
    expect(await one.getByRole("slider", { name: "a" }).inputValue()).toBe("1");
    expect(faults).toEqual([]);
  });

  it("says inside what is wrong with its attributes, and draws once they are right", async () => {
    const wrong = [
      ['expr="L = c(a + 2b"', 'expr: expected ")", got end of text'],
      ["", "expr: must be an expression such as c(a + 2b), got nothing"],
      ['expr="x y" values="z = 1"', "values: must name variables of the expression"],
      ['expr="x y" wrt="q"', "wrt: must name variables of the expression"],
      ['expr="x y" step="soon"', "step: must be first, last or a whole number from 1"],
      ['expr="x y" step="99"', "step: must be at most 5 here, got 99"],
      ['expr="x y" view="table"', "view: must name some of values, graph, steps, derivation"],
      ['expr="<img src=x onerror=alert(1)>"', "expr: "],
    ] as const;
    const elements = wrong.map(([attributes]) => `<chain-rule ${attributes}></chain-rule>`);
    const { page, faults } = await pageWith(elements.join("\n"));
    for (const [i, [attributes, message]] of wrong.entries()) {
      const element = page.locator("chain-rule").nth(i);
      await element.getByRole("alert").waitFor();
      expect(await element.getByRole("alert").textContent(), attributes).toContain(message);
      await element.evaluate((one) => {
        for (const name of ["values", "wrt", "step", "view"]) one.removeAttribute(name);
        one.setAttribute("expr", "u v");
      });
      await text(element, "u").first().waitFor();
      expect(await element.getByRole("alert").count()).toBe(0);
    }
    expect(await page.locator("img").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("takes the colours of the page around", async () => {
    const dark = (body: string) => pageWith(body, { colorScheme: "dark" });
    const coloursOf = async (body: string): Promise<string | null> => {
      const { page } = await dark(body);
      const inside = page.locator("chain-rule .element");
      await inside.waitFor();
      return inside.getAttribute("data-theme");
    };
    expect(await coloursOf(`<chain-rule expr="x y"></chain-rule>`)).toBe("light");
    const says = `<meta name="color-scheme" content="light dark">`;
    expect(await coloursOf(`${says}<chain-rule expr="x y"></chain-rule>`)).toBe("dark");
    expect(await coloursOf(`${says}<chain-rule theme="light" expr="x"></chain-rule>`)).toBe(
      "light",
    );
  });

  it("stands in slides: drawn where it was hidden, its keys turn no slide", async () => {
    const { page, faults } = await pageWith(
      `<section hidden><chain-rule ${lecture}></chain-rule></section><output>0</output>`,
    );
    await page.evaluate(() => {
      const turned = document.querySelector("output") as Element;
      document.addEventListener("keydown", () => {
        turned.textContent = String(Number(turned.textContent) + 1);
      });
      document.querySelector("section")?.removeAttribute("hidden");
    });
    const element = page.locator("chain-rule");
    await element.getByRole("button", { name: "To the beginning (Home)" }).click();
    await at(element, "Step 1 of 10").waitFor();
    await page.keyboard.press("ArrowRight");
    await at(element, "Step 2 of 10").waitFor();
    await element.getByLabel("a, as a number").press("ArrowLeft");
    expect(await page.locator("output").textContent()).toBe("0");
    await page.locator("h1").click();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("output").textContent()).toBe("1");
    await at(element, "Step 2 of 10").waitFor();
    expect(faults).toEqual([]);
  });

  it("is removed and put elsewhere without a trace", async () => {
    const { page, faults } = await pageWith(`<chain-rule ${lecture}></chain-rule><div></div>`);
    await text(page.locator("chain-rule"), "−10").waitFor();
    await page.evaluate(() => {
      document.querySelector("div")?.append(document.querySelector("chain-rule") as Element);
    });
    await text(page.locator("div > chain-rule"), "−10").waitFor();
    expect(await page.locator("chain-rule .element").count()).toBe(1);
    expect(faults).toEqual([]);
  });

  it("has an example page, which is for everybody and fits a phone", async () => {
    const { page, faults } = await studio.open(`${studio.address}element.html`, {
      viewport: { width: 360, height: 720 },
    });
    await page.locator("chain-rule").last().locator("svg").waitFor();
    await page.locator("chain-rule").first().locator("math").first().waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await page.locator("#moved").getByRole("slider").first().press("ArrowRight");
    await page.getByText("a = 2.05, b = 3").waitFor();
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      interface Found {
        readonly impact: string;
        readonly id: string;
        readonly nodes: readonly { readonly target: unknown }[];
      }
      const { axe: checker } = globalThis as unknown as {
        readonly axe: { run(): Promise<{ readonly violations: readonly Found[] }> };
      };
      const { violations } = await checker.run();
      const serious = violations.filter(({ impact }) => /serious|critical/.test(impact));
      return serious.map(
        ({ id, nodes }) => `${id}: ${JSON.stringify(nodes.map(({ target }) => target))}`,
      );
    });
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
  });
});
