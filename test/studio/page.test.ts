import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { writePermalink } from "../../packages/studio/src/app/permalink.ts";
import { formats } from "../../packages/studio/src/export/formats.ts";
import { initial } from "../../packages/studio/src/rooms/chainRule/chainRuleState.ts";
import { policy } from "../../packages/studio/vite.config.ts";
import { describeWith } from "../support/requireTool.ts";
import { openStudio, type Studio } from "./support/openStudio.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const package_ = fileURLToPath(new URL("../../packages/studio", import.meta.url));
const rooms = ["chain-rule", "worked", "playground", "activations", "deeper"];

/** Serious findings of axe, as sentences. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Found {
      readonly impact: string;
      readonly id: string;
      readonly nodes: readonly { readonly target: readonly string[] }[];
    }
    const { axe: found } = globalThis as unknown as {
      readonly axe: { run(): Promise<{ readonly violations: readonly Found[] }> };
    };
    const { violations } = await found.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  });
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

describeWith("chromium", "the whole page", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  }, 120_000);
  afterEach(() => studio.closePages());
  afterAll(() => studio?.close());

  const at = (room: string, search = ""): string => `${studio.address}${search}#room=${room}`;

  async function enter(room: string, options = {}) {
    const opened = await studio.open(at(room), options);
    await opened.page.waitForSelector("main h1");
    return opened;
  }

  /** Looks at an address in a page of its own: to leave one that just writes its address may take for ever. */
  async function look(address: string, see: (page: Page) => Promise<void>): Promise<void> {
    const { page, faults } = await studio.open(address);
    await page.waitForSelector("main h1");
    await see(page);
    expect(faults, address).toEqual([]);
    await page.context().close();
  }

  it("opens in its first room, on a graph that is alive", async () => {
    const { page, faults } = await studio.open();
    await page.locator(".graph text", { hasText: "∂L/∂b = −4" }).waitFor();
    await page.getByRole("slider", { name: "a" }).first().press("ArrowRight");
    await page.locator(".graph text", { hasText: "∂L/∂b = −4" }).waitFor();
    expect(await page.title()).toBe("Chain rule · chainrule");
    expect(faults).toEqual([]);
  });

  it.each(rooms)(
    "%s is for everybody: in both colours, on a phone, at twice its size",
    async (room) => {
      // The first room with what a first visit is told.
      const address = room === rooms[0] ? studio.address : at(room);
      const { page, faults } = await studio.open(address, { colorScheme: "light" });
      await page.waitForSelector(room === rooms[0] ? ".first-steps" : "main h1");
      // Formulas stand there as LaTeX until what sets them has come.
      await expect.poll(() => page.locator(".formula .plain").count()).toBe(0);
      await page.waitForTimeout(300);
      expect(await findings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await findings(page)).toEqual([]);
      // A window of 1280 pixels shows 640 at twice the size.
      for (const width of [640, 360]) {
        await page.setViewportSize({ width, height: 720 });
        await page.waitForTimeout(200);
        expect(await overflow(page), `${width} px`).toBeLessThanOrEqual(0);
      }
      expect(faults).toEqual([]);
    },
  );

  it("shows a room alone where it is embedded", async () => {
    for (const room of rooms) {
      await look(at(room, "?embed"), async (page) => {
        expect(await page.locator(".rail").count()).toBe(0);
        const link = page.getByRole("link", { name: "Open in chainrule studio" });
        await link.focus();
        expect(await link.getAttribute("href")).toContain(`${studio.address}#room=${room}`);
      });
    }
  });

  it("moves nothing for those who ask for less motion", async () => {
    const { page } = await enter("chain-rule", { reducedMotion: "reduce" });
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((one) => {
          const { transitionDuration, animationName } = getComputedStyle(one);
          return animationName !== "none" || !/^0s(?:, 0s)*$/.test(transitionDuration);
        }).length,
    );
    expect(moving).toBe(0);
  });

  it("is walked by the keyboard alone: rooms, graph, steps", async () => {
    const { page, faults } = await enter("chain-rule");
    await page.locator(".graph .box").first().waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    const tab = async (until: (label: string) => boolean): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        if (until((await focused()) ?? "")) return;
      }
      throw new Error("the keyboard did not come there");
    };
    await tab((label) => label.startsWith("input b"));
    const way: string[] = [];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"]) {
      await page.keyboard.press(key);
      way.push(((await focused()) ?? "").split(",")[0] ?? "");
    }
    expect(way[2]).toContain("operation L");
    expect(way[3]).toMatch(/^(?:input c|operation v2)/);
    await page.getByRole("button", { name: "Worked network" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /network/i }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
    expect(faults).toEqual([]);
  });

  it("says its policy in the page too, for hosts that send no header", () => {
    const written = readFileSync(join(studio.folder, "index.html"), "utf8");
    const html = written.replaceAll("&#39;", "'");
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="${policy}"`);
    expect(html).not.toMatch(/https?:|<style|style=/);
  });

  it("draws larger and smaller by keys and by a pinch", async () => {
    const { page, faults } = await enter("chain-rule");
    await page.locator(".graph .box").first().focus();
    const zoom = page.getByRole("button", { name: "Fit the drawing" });
    for (const [key, shown] of [
      ["+", "125 %"],
      ["-", "100 %"],
      ["0", "fit"],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => zoom.textContent()).toBe(shown);
    }
    await page.locator(".graph svg").hover();
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await expect.poll(() => zoom.textContent()).toBe("125 %");
    expect(faults).toEqual([]);
  });

  it("folds a graph of thousands of nodes, which is walked and opened as any other", async () => {
    const lines = Array.from({ length: 680 }, (_, i) => `h${i + 1}=sin(h${i})*a+cos(h${i})`);
    const text = ["h0=x", ...lines].join("\n");
    const state = { ...initial, text, values: { x: 1, a: 0.5 } };
    const link = await writePermalink({ room: "chain-rule", state });
    const { page, faults } = await studio.open(studio.address + link);
    const boxes = page.locator(".graph .box");
    const folded = page.locator(".graph .box[aria-expanded]");
    await folded.first().waitFor();
    const count = await boxes.count();
    expect(count).toBeLessThan(200);
    await page.locator(".graph .box[tabindex='0']").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect.poll(() => boxes.count()).toBeGreaterThan(count);
    await page.getByRole("button", { name: "One step back (←)" }).click();
    await page.getByText(/^Step \d+ of \d{4}$/).waitFor();
    expect(faults).toEqual([]);
  });

  it("exports every form as a file, with the link to the page", async () => {
    const { page, faults } = await enter("chain-rule", { acceptDownloads: true });
    await page.getByRole("button", { name: "Export" }).click();
    const dialog = page.getByRole("dialog");
    for (const { id, title, extension } of formats) {
      await dialog.getByLabel("Form").selectOption(id);
      const button = dialog.getByRole("button", { name: "Download" });
      await expect.poll(() => button.isEnabled(), { timeout: 20_000 }).toBe(true);
      const coming = page.waitForEvent("download");
      await button.click();
      const file = await coming;
      expect(file.suggestedFilename(), title).toBe(`chain-rule${extension}`);
      const bytes = readFileSync(await file.path());
      expect(bytes.length, title).toBeGreaterThan(10);
      if (id === "png") expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    }
    const link = await dialog.getByRole("textbox", { name: "Link to this page" }).inputValue();
    expect(link).toContain("#room=chain-rule&s=");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(faults).toEqual([]);
  });

  it("takes hostile links calmly", async () => {
    const links = [
      "#room=<img src=x onerror=alert(1)>",
      "#room=chain-rule&s=%%%",
      "#room=chain-rule&s=AAAA",
      `#room=playground&s=${"A".repeat(70_000)}`,
      "#room=__proto__",
      "#room=deeper&s=q1YqVrIy1FEqLkksSQUA",
      "#nonsense",
    ];
    for (const link of links) {
      await look(studio.address + link, async (page) => {
        await page.getByRole("alert").waitFor();
        expect(await page.locator("img").count(), link).toBe(0);
      });
    }
  });

  it("comes in parts: 250 KB gzipped before the first room is alive, the editor apart", async () => {
    const { page } = await studio.open();
    await page.locator(".graph .box").first().waitFor();
    const names = await page.evaluate(() => {
      const entries = performance.getEntriesByType("resource");
      return entries.map(({ name }) => name.split("/").at(-1) ?? "");
    });
    const later = /^(?:createEditor|mathml|pictureWorker)-/;
    const first = names.filter((name) => name.endsWith(".js") && !later.test(name));
    expect(first).toContainEqual(expect.stringMatching(/^room-/));
    const bytes = first.map(
      (name) => gzipSync(readFileSync(join(studio.folder, "assets", name))).length,
    );
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(250 * 1024);
  });
});

describeWith("chromium", "studio.html", () => {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-single-"));
  let studio: Studio;
  beforeAll(async () => {
    const vite = join(package_, "node_modules", ".bin", "vite");
    const args = ["build", "--mode", "single", "--outDir", folder, "--logLevel", "error"];
    execFileSync(vite, [...args, "--emptyOutDir"], { cwd: package_, stdio: "pipe" });
    studio = await openStudio();
  }, 120_000);
  afterAll(async () => {
    await studio?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("opens by a double click, every room of it", async () => {
    const file = pathToFileURL(join(folder, "studio.html")).href;
    const { page, faults } = await studio.open(file);
    await page.locator(".graph text", { hasText: "∂L/∂b = −4" }).waitFor();
    for (const title of ["Worked network", "Playground", "Activations", "Deeper"]) {
      await page.getByRole("button", { name: title, exact: true }).click();
      await expect.poll(() => page.title()).toBe(`${title} · chainrule`);
      await page.waitForSelector("main h1");
    }
    // Its workers are part of the file: one of them plays a step of a game.
    await page.getByRole("tab", { name: "Adversarial" }).click();
    await page.getByRole("button", { name: "One step" }).click();
    await expect.poll(() => page.locator(".standing dd").first().textContent()).toBe("1");
    expect(faults).toEqual([]);
  });
});
