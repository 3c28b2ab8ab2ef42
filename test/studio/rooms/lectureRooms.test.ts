import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { writePermalink } from "../../../packages/studio/src/app/permalink.ts";
import { describeWith } from "../../support/requireTool.ts";
import { type OpenedPage, openStudio, rested, type Studio } from "../support/openStudio.ts";

/** Whether the page is wider than its window. */
function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
}

describeWith("chromium", "the rooms of the lecture", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  }, 120_000);
  afterEach(() => studio.closePages());
  afterAll(() => studio?.close());

  async function enter(room: string, width = 1280): Promise<OpenedPage> {
    const opened = await studio.open(`${studio.address}#room=${room}`, {
      viewport: { width, height: 800 },
    });
    await opened.page.waitForSelector("main h1");
    return opened;
  }

  /** The page as a link made now would open it. */
  async function again(page: Page): Promise<OpenedPage> {
    await rested(page);
    const opened = await studio.open(page.url());
    await opened.page.waitForSelector("main h1");
    return opened;
  }

  describe("the worked network", () => {
    it("is walked by arrow keys, and prints the lecture's numbers", async () => {
      const { page, faults } = await enter("worked");
      await page.getByRole("button", { name: "Network", exact: true }).focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
      await page.getByRole("heading", { name: "Backward: ∂E/∂w₅" }).waitFor();
      await page.waitForSelector(".equations math");
      const text = (await page.locator(".equations").allTextContents()).join(" ");
      for (const number of ["0.68492", "0.19480", "0.08020", "0.45187"]) {
        expect(text).toContain(number);
      }
      await page.keyboard.press("End");
      await page.getByRole("heading", { name: "After the step" }).waitFor();
      await page.getByLabel("Numbers with").selectOption("all");
      await page.getByText("0.240724905").first().waitFor();
      expect(faults).toEqual([]);
    });

    it("takes steps, goes back, and keeps them in its link", async () => {
      const { page, faults } = await enter("worked");
      const errors = page.locator(".errors dd");
      await expect.poll(() => errors.allTextContents()).toEqual(["0.24908", "0.24072", "0"]);
      await page.getByRole("button", { name: "Take the step" }).click();
      await expect.poll(() => errors.first().textContent()).toBe("0.24072");
      await page.getByRole("status").getByText("Steps taken: 1, E 0.24072").waitFor();
      await page.getByRole("button", { name: "10 steps" }).click();
      await expect.poll(() => errors.last().textContent()).toBe("11");
      const later = await errors.allTextContents();
      const linked = await again(page);
      expect(await linked.page.locator(".errors dd").allTextContents()).toEqual(later);
      await page.getByRole("button", { name: "One step back" }).click();
      await expect.poll(() => errors.last().textContent()).toBe("10");
      expect([...faults, ...linked.faults]).toEqual([]);
    });

    it("computes anew when a number is changed, and says what is no number", async () => {
      const { page, faults } = await enter("worked");
      const field = page.getByLabel("w₁", { exact: true });
      await field.fill("2");
      await page.getByText("0.24908").first().waitFor({ state: "detached" });
      const changed = await page.locator(".errors dd").first().textContent();
      await field.fill("two");
      await page.getByText("must be a number").waitFor();
      expect(await page.locator(".errors dd").first().textContent()).toBe(changed);
      await page.getByRole("button", { name: "The lecture’s numbers" }).click();
      await page.getByText("0.24908").first().waitFor();
      expect(faults).toEqual([]);
    });
  });

  describe("activations", () => {
    it("moves the tangent by keyboard and by dragging", async () => {
      const { page, faults } = await enter("activations");
      const grip = page.getByRole("slider", { name: "Point where the tangent touches" });
      await grip.focus();
      await page.keyboard.press("ArrowLeft");
      const said = (): Promise<string | null> => grip.getAttribute("aria-valuetext");
      await expect.poll(said).toBe("x 0.9, f 0.7109, slope 0.2055");
      await page.keyboard.press("Home");
      await expect.poll(said).toContain("x −6,");
      const box = await page.locator(".handle .field").boundingBox();
      if (box === null) throw new Error("no field");
      const [middle, height] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(middle + 80, height);
      await page.mouse.down();
      await page.mouse.move(middle, height, { steps: 4 });
      await page.mouse.up();
      await expect.poll(said).toBe("x 0, f 0.5, slope 0.25");
      expect(faults).toEqual([]);
    });

    it("shows each function with what speaks for and against it", async () => {
      const { page, faults } = await enter("activations");
      await page.getByRole("tab", { name: "Sigmoid" }).focus();
      for (const name of ["Hyperbolic tangent", "ReLU", "Leaky ReLU", "Softmax"]) {
        await page.keyboard.press("ArrowRight");
        await page.getByRole("heading", { name, exact: true }).waitFor();
        await page.getByText("Disadvantages").waitFor();
        await page.waitForSelector(".equations math");
      }
      await page.getByLabel("Score x₁").fill("10");
      await page.getByLabel("Score x₂").fill("-10");
      await page.getByText("softmax is saturated").waitFor();
      const linked = await again(page);
      await linked.page.getByText("softmax is saturated").waitFor();
      await page.getByRole("tab", { name: "Side by side" }).click();
      expect(await page.locator(".chart svg .curve").count()).toBeGreaterThanOrEqual(8);
      expect([...faults, ...linked.faults]).toEqual([]);
    });
  });

  describe("deeper networks", () => {
    it("reads a digit while it is drawn, by pointer and by keyboard", async () => {
      const { page, faults } = await enter("deeper");
      await page.getByText("The network reads a 3").first().waitFor();
      await page.getByRole("button", { name: "Example of a 8" }).click();
      await page.getByText("The network reads a 8").first().waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("Draw a digit, and").first().waitFor();
      const sheet = page.getByRole("button", { name: /Sheet to draw/ });
      const box = await sheet.boundingBox();
      if (box === null) throw new Error("no sheet");
      const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
      // A seven: a level stroke, and one down to the left.
      await page.mouse.move(...at(0.3, 0.2));
      await page.mouse.down();
      await page.mouse.move(...at(0.7, 0.2), { steps: 8 });
      await page.mouse.move(...at(0.45, 0.85), { steps: 8 });
      await page.mouse.up();
      await page.getByText("The network reads a 7").first().waitFor();
      // A one by the keyboard: from the middle up, and down again.
      await page.getByRole("button", { name: "Clear" }).click();
      await sheet.focus();
      for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Space");
      for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Space");
      await page.getByText("The network reads a 1").first().waitFor();
      const linked = await again(page);
      await linked.page.getByText("The network reads a 1").first().waitFor();
      expect([...faults, ...linked.faults]).toEqual([]);
    });

    it("works out the kernel's sum at the place asked for", async () => {
      const { page, faults } = await enter("deeper");
      await page.getByLabel("Kernel", { exact: true }).selectOption("nothing");
      await page.getByRole("slider", { name: "Row" }).fill("8");
      await page.getByRole("slider", { name: "Column" }).fill("8");
      const said = await page.getByText("The products are").textContent();
      const products = said?.match(/are (.*):/)?.[1]?.split(", ") ?? [];
      expect(products.filter((product) => product !== "0").length).toBeLessThanOrEqual(1);
      expect(said).toContain(`their sum ${products[4]} stands in row 8, column 8`);
      await page.getByLabel("Element in row 2, column 2").fill("0");
      await page.getByText("their sum 0 stands").waitFor();
      expect(faults).toEqual([]);
    });

    it("unrolls a network by a slider, and says when its gradient vanishes", async () => {
      const { page, faults } = await enter("deeper");
      await page.getByRole("tab", { name: "Recurrent" }).click();
      await page.getByRole("button", { name: "Forgets" }).click();
      const steps = page.getByRole("slider", { name: "Steps" });
      await steps.fill("10");
      await page.getByText("it vanishes").first().waitFor();
      await expect.poll(() => page.locator(".unrolled .number.gradient").count()).toBe(10);
      await page.getByRole("button", { name: "Explodes" }).click();
      await page.getByText("it explodes").first().waitFor();
      expect(faults).toEqual([]);
    });

    it("shows who attends to whom, with hostile words as words", async () => {
      const { page, faults } = await enter("deeper");
      await page.getByRole("tab", { name: "Attention" }).click();
      await page.getByLabel("Attention for").selectOption("back");
      await page.getByText("“cat” attends most to “the”").first().waitFor();
      await page.getByRole("button", { name: "cat", exact: true }).focus();
      await page.keyboard.press("ArrowRight");
      await page.getByText("“chased” attends most to “cat”").first().waitFor();
      await page.getByLabel("Token 2", { exact: true }).fill("<img src=x>");
      await page.getByText("“chased” attends most to “<img src=x>”").first().waitFor();
      for (let i = 6; i > 1; i--) {
        await page.getByRole("button", { name: `Remove token ${i}` }).click();
      }
      await page.getByText("“the” attends most to “the”").first().waitFor();
      expect(faults).toEqual([]);
    });

    it("plays a game in a worker, pauses it, and begins again", async () => {
      const { page, faults } = await enter("deeper");
      await page.getByRole("tab", { name: "Adversarial" }).click();
      const steps = page.locator(".standing dd").first();
      await page.getByRole("button", { name: "One step" }).click();
      await expect.poll(() => steps.textContent()).toBe("1");
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await expect.poll(async () => Number(await steps.textContent())).toBeGreaterThan(100);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Restart" }).click();
      await expect.poll(() => steps.textContent()).toBe("0");
      expect(faults).toEqual([]);
    });
  });

  it.each(["worked", "activations", "deeper"])("%s fits a phone", async (room) => {
    const { page, faults } = await enter(room, 360);
    expect(await overflows(page)).toBe(false);
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      expect(await overflows(page)).toBe(false);
    }
    expect(faults).toEqual([]);
  });

  it("opens links with wrong states, and says what was wrong", async () => {
    const wrong: readonly (readonly [room: string, state: unknown, note: string])[] = [
      ["worked", { start: { w1: "<b>" }, page: "w1" }, "w1 must be a number"],
      ["activations", { x: 1e9, shown: "<script>" }, "shown must be one of"],
      ["deeper", { part: "attention", attention: { tokens: 3 } }, "tokens must be"],
    ];
    for (const [room, state, note] of wrong) {
      const { page, faults } = await studio.open(
        studio.address + (await writePermalink({ room, state })),
      );
      await page.getByRole("alert").getByText(note).waitFor();
      await page.waitForSelector("main h1");
      expect(faults).toEqual([]);
    }
  });
});
