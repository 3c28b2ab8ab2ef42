/// <reference lib="dom" />
/**
 * How soon the studio is alive, and how it follows one who types, in Chromium with its processor slowed down four times.
 * Run by `npm run bench -- page`.
 */
import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { writePermalink } from "../../packages/studio/src/app/permalink.ts";
import { openStudio } from "../../test/studio/support/openStudio.ts";
import { machine } from "../support/machine.ts";
import { median } from "../support/median.ts";

const ROUNDS = 5;
const SLOWER = 4;

/** Definitions of `count` operations: sin, product, sum in turn. */
function chain(count: number): string {
  const lines = Array.from({ length: Math.ceil(count / 3) }, (_, i) => `y${i + 1}=w sin(y${i})+x`);
  return `y0=x; ${lines.join("; ")}`;
}

/** Many operations in few letters: the longest text that the editor takes holds thousands. */
function dense(lines: number): string {
  const name = (i: number): string => `a${i.toString(36)}`;
  const rows = Array.from({ length: lines }, (_, i) => {
    const [a, b] = [name(i), name(i + 1)];
    return `${b}=${a}*x+${a}*y-${a}/x+x`;
  });
  return `${name(0)}=x;${rows.join(";")}`;
}

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

const studio = await openStudio();

/** A page that has not been anywhere yet. */
async function blank(): Promise<Page> {
  const { page } = await studio.open("about:blank");
  // What runs this file gives functions their names by a helper that pages do not have.
  await page.addInitScript({ content: "globalThis.__name = (of) => of;" });
  return page;
}

async function linkTo(text: string): Promise<string> {
  const state = { text, values: {}, detail: "operations" };
  return studio.address + (await writePermalink({ room: "chain-rule", state }));
}

/** In the page: resolves with the milliseconds since its request at which `then` has been answered in the graph. */
function watchGraph(): void {
  const seen = (): string => document.querySelector(".graph svg")?.textContent ?? "";
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  const first = new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector(".graph .box") === null) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  const told = async (): Promise<readonly [number, number]> => {
    await first;
    await frame();
    const drawn = performance.now();
    const [slider, folded, before] = [
      document.querySelector<HTMLInputElement>("input[type=range]"),
      document.querySelector(".graph .box.scope"),
      seen(),
    ];
    if (folded !== null) folded.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else if (slider !== null) {
      slider.value = String(slider.valueAsNumber + 0.5);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    } else throw new Error("the page must have a slider or a folded part");
    while (seen() === before) await frame();
    return [drawn, performance.now()];
  };
  (globalThis as Record<string, unknown>)["told"] = told();
}

/** Milliseconds from the request until the graph is drawn, and until it has answered a slider or the click that opens a part. */
async function answered(address: string, slower: number): Promise<readonly number[]> {
  const { page } = await studio.open("about:blank");
  const session = await page.context().newCDPSession(page);
  // The browser has a window to make first, and the page's own tools would cost the page some of its time.
  await page.waitForTimeout(1000);
  const source = `globalThis.__name = (of) => of; (${watchGraph})();`;
  await session.send("Page.enable");
  await session.send("Page.addScriptToEvaluateOnNewDocument", { source });
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(address, { waitUntil: "commit" });
  const { result } = await session.send("Runtime.evaluate", {
    expression: "told",
    awaitPromise: true,
    returnByValue: true,
  });
  await page.context().close();
  return result.value as readonly number[];
}

/** Milliseconds from a typed letter until formulas, then the drawing, show it. */
async function typing(text: string, slower: boolean): Promise<readonly [number, number]> {
  const page = await blank();
  await page.goto(await linkTo(text));
  await page.waitForSelector(".graph .box");
  await page.waitForSelector(".definitions math");
  if (slower) await slow(page);
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+End");
  // A sum that is begun: the letter that follows ends it.
  await page.keyboard.type("+");
  await page.waitForSelector(".read.stale");
  await page.evaluate(() => {
    const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
    const places = { formulas: ".read", drawing: ".graph svg" };
    const told: Record<string, number> = {};
    (globalThis as Record<string, unknown>)["told"] = told;
    addEventListener(
      "keydown",
      () => {
        const start = performance.now();
        const before = Object.entries(places).map(([name, at]) => [name, at, text(at)] as const);
        const look = (): void => {
          for (const [name, at, was] of before) {
            if (told[name] === undefined && text(at) !== was)
              told[name] = performance.now() - start;
          }
          if (Object.keys(told).length < before.length) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  });
  await page.keyboard.type("7");
  const all = (): boolean =>
    Object.keys((globalThis as unknown as { readonly told: object }).told).length === 2;
  await page.waitForFunction(all, undefined, { timeout: 60_000 });
  const told = (await page.evaluate("told")) as { formulas: number; drawing: number };
  await page.context().close();
  return [told.formulas, told.drawing];
}

async function medians(
  measure: () => Promise<readonly number[]>,
  rounds = ROUNDS,
): Promise<readonly number[]> {
  const all: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) all.push(await measure());
  return (all[0] ?? []).map((_, i) => median(all.map((one) => one[i] as number)));
}

const ms = (value: number | undefined): string => `${Math.round(value ?? 0)} ms`;
const first = await medians(() => answered(studio.address, SLOWER));
const small = await medians(() => typing("L = c(a + 2b)", true));
const middle = await medians(() => typing(chain(200), false));
const middleSlow = await medians(() => typing(chain(200), true));
const thousands = await medians(async () => {
  const [drawn = 0, opened = 0] = await answered(await linkTo(dense(640)), 1);
  return [drawn, opened - drawn];
}, 3);
const lines = [
  "# The studio's page",
  "",
  `In Chromium, the page served from the same machine; "slowed" is Chromium's own throttling of the processor, ${SLOWER} times. From a`,
  `typed letter until formulas and drawing show it, by frames. Medians of ${ROUNDS} rounds. ${machine()}.`,
  "",
  "| | |",
  "| --- | --- |",
  `| the page opened, slowed: graph drawn, a slider answered | ${ms(first[0])}, ${ms(first[1])} |`,
  `| L = c(a + 2b), a letter typed, slowed: formulas, drawing | ${ms(small[0])}, ${ms(small[1])} |`,
  `| graph of 200 operations, a letter typed: formulas, drawing | ${ms(middle[0])}, ${ms(middle[1])} |`,
  `| the same, slowed | ${ms(middleSlow[0])}, ${ms(middleSlow[1])} |`,
  `| graph of 5,000 nodes: opened and drawn folded, a part of it unfolded | ${ms(thousands[0])}, ${ms(thousands[1])} |`,
];
writeFileSync("bench/results/page.md", `${lines.join("\n")}\n`);
console.log(lines.slice(5).join("\n"));
await studio.close();
