import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { writePermalink } from "../../../../packages/studio/src/app/permalink.ts";
import { initial } from "../../../../packages/studio/src/rooms/chainRule/chainRuleState.ts";
import { describeWith } from "../../../support/requireTool.ts";
import { openStudio, rested, type Studio } from "../../support/openStudio.ts";

describeWith("chromium", "the room of the chain rule", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  }, 240_000);
  afterEach(() => studio.closePages());
  afterAll(() => studio?.close());

  /** The room with a state, drawn and with its editor. */
  async function room(
    state: Readonly<Record<string, unknown>> = {},
    width = 1280,
  ): Promise<{ page: Page; faults: readonly string[] }> {
    const link = await writePermalink({ room: "chain-rule", state: { ...initial, ...state } });
    const opened = await studio.open(`${studio.address}${link}`, {
      viewport: { width, height: 900 },
    });
    await opened.page.waitForSelector(".graph .box");
    await opened.page.waitForSelector(".cm-content");
    await opened.page.waitForSelector("math");
    return opened;
  }

  async function write(page: Page, text: string): Promise<void> {
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
  }

  it("is alive on L = c(a + 2b) when the page opens, without an error", async () => {
    const { page, faults } = await studio.open();
    await page.waitForSelector(".graph .box");
    await page.waitForSelector(".cm-content");
    const boxes = await page.locator(".graph .box").allTextContents();
    expect(boxes).toContain("L = c·v2 −10 ∂L/∂L = 1 ");
    expect(boxes).toContain("b 1 ∂L/∂b = −4 ");
    await page.getByLabel("b, as a number", { exact: true }).fill("2");
    await page.locator(".graph .box", { hasText: "−14" }).waitFor();
    // It is said, too, when the hand rests.
    await page.locator('[role="status"]', { hasText: /^L = -14$/ }).waitFor({ state: "attached" });
    expect(faults).toEqual([]);
  });

  it("tells a first visitor what to do, ticks it off, and tells it no other time", async () => {
    const { page, faults } = await studio.open();
    const steps = page.getByRole("list", { name: "First steps" });
    await steps.getByRole("button", { name: "Play the walk:" }).press("Enter");
    await page.keyboard.press("Enter");
    await steps.getByText("(done)").waitFor();
    await steps.getByRole("button", { name: "Drag a:" }).press("Enter");
    await page.keyboard.press("PageUp");
    await expect.poll(() => steps.getByText("(done)").count()).toBe(2);
    await steps.getByRole("button", { name: "Choose ∂L/∂a:" }).press("Enter");
    await page.keyboard.press("Enter");
    await page.getByText("That is the chain rule. Now type an expression of your own").waitFor();
    const again = await page.context().newPage();
    await again.goto(studio.address);
    await again.waitForSelector(".graph .box");
    expect(await again.locator(".first-steps").count()).toBe(0);
    await page.getByRole("button", { name: "Close the first steps" }).press("Enter");
    await expect.poll(() => page.locator(".first-steps").count()).toBe(0);
    const linked = await room();
    expect(await linked.page.locator(".first-steps").count()).toBe(0);
    const embedded = await studio.open(`${studio.address}?embed`);
    await embedded.page.waitForSelector(".graph .box");
    expect(await embedded.page.locator(".first-steps").count()).toBe(0);
    expect([...faults, ...linked.faults, ...embedded.faults]).toEqual([]);
  });

  it("reads what is typed, keeps the last graph while it is half typed, and points at what is wrong", async () => {
    const { page, faults } = await room();
    await write(page, "y = sin(x)^2");
    await page.locator(".graph .box", { hasText: "sin(x)" }).waitFor();
    await write(page, "y = (x + 1");
    await page.getByText("line 1, column 11").waitFor();
    expect(await page.locator(".cm-lintRange-error").count()).toBe(1);
    expect(await page.locator(".graph .box").count()).toBeGreaterThan(0);
    await write(page, "y = x + ");
    await page.keyboard.type("sig");
    await page.locator(".cm-tooltip-autocomplete [aria-selected]").waitFor();
    // A list that has just opened takes no Enter yet: it might be meant for the text.
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    await page.keyboard.type("x");
    await page.locator(".graph .box", { hasText: "σ(x)" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("lets one type before its editor has come, and go on in it", async () => {
    const { page, faults } = await studio.open("about:blank");
    let come = (): void => {};
    const called = new Promise<void>((resolve) => {
      come = resolve;
    });
    await page.route("**/createEditor-*.js", async (route) => {
      await called;
      await route.continue();
    });
    await page.goto(studio.address);
    const field = page.locator("textarea");
    await field.fill("y = x");
    await field.press("End");
    await field.press("^");
    await page.getByText("line 1, column 7").waitFor();
    come();
    await page.locator(".cm-content").waitFor();
    await page.keyboard.type("3");
    await page.locator(".graph .box", { hasText: "x³" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("walks by the keyboard alone, and says each step", async () => {
    const { page, faults } = await room();
    const place = page.locator(".stepper .place");
    const said = page.locator(".chain-right [role=status].hidden-text");
    await page.keyboard.press("Home");
    await expect.poll(() => place.textContent()).toBe("Step 1 of 10");
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => place.textContent()).toBe("Step 6 of 10");
    expect(await said.textContent()).toContain("∂L/∂v2 = ∂L/∂L · ∂L/∂v2 = 1 · (-2) = -2");
    expect(await page.locator(".graph .box.no-adjoint").count()).toBe(4);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("End");
    await expect.poll(() => place.textContent()).toBe("Step 10 of 10");
    // In the editor the arrows belong to the text.
    await page.locator(".cm-content").click();
    await page.keyboard.press("Home");
    expect(await place.textContent()).toBe("Step 10 of 10");
    // In the graph they walk along the edges.
    await page.locator(".graph .box[tabindex='0']").focus();
    await page.keyboard.press("ArrowRight");
    expect(await place.textContent()).toBe("Step 10 of 10");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("lights an arrow from its factor, and a factor from its arrow", async () => {
    const { page, faults } = await room();
    const factor = page.locator(".chain .factor").nth(1);
    await factor.focus();
    await page.locator(".graph .edge.walked").waitFor({ state: "attached" });
    expect(await factor.getAttribute("class")).toContain("lit");
    await factor.blur();
    await page.locator(".graph .edge.walked").waitFor({ state: "detached" });
    await page.locator(".graph .edge").first().dispatchEvent("mouseenter");
    await page.locator(".chain .factor.lit").first().waitFor();
    expect(faults).toEqual([]);
  });

  it("shows paths in colours, and what enumerating them costs", async () => {
    const state = { text: "b = a + a\nc = b + b", values: { a: 1 }, wrt: "a", panel: "paths" };
    const { page, faults } = await room(state);
    await page.locator(".path-list li").nth(3).waitFor();
    expect(await page.locator(".graph .edge.path1").count()).toBeGreaterThan(0);
    await page.getByRole("button", { name: /One reverse sweep/ }).click();
    await page.locator(".sweep li").nth(2).waitFor();
    expect(await page.locator(".graph .edge.path1").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("compares the predicted with the true change", async () => {
    const { page, faults } = await room({
      text: "y = x^2",
      values: { x: -3 },
      wrt: "x",
      panel: "nudge",
    });
    await page.getByLabel("Change of x, as a number").fill("1");
    await page.locator(".facts dd").nth(2).getByText("1").waitFor();
    await page.locator(".chart .curve").first().waitFor();
    await page.getByText("tangent at x = −3, slope −6").waitFor();
    // The truth lies above what the tangent says, at the same place.
    const [, predicted, found] = await page
      .locator(".chart .dot")
      .evaluateAll((dots) =>
        dots.map((dot) => ["cx", "cy"].map((name) => Number(dot.getAttribute(name)))),
      );
    expect(found?.[0]).toBe(predicted?.[0]);
    expect(found?.[1]).toBeLessThan(predicted?.[1] ?? 0);
    await write(page, "y = sqrt(x)");
    await page.getByText("y is no real number where x = −3.").waitFor();
    await page.getByText("no finite value with a slope").waitFor();
    expect(faults).toEqual([]);
  });

  it("asks, tells which factor is wrong, and goes on when it is right", async () => {
    const text = "d = 2b\ne = a + d\nL = c e";
    const { page, faults } = await room({ text, panel: "quiz", question: 7 });
    expect(await page.locator(".graph .box", { hasText: "∂L/∂b" }).getAttribute("class")).toContain(
      "no-adjoint",
    );
    const answer = page.getByLabel(/What is ∂L\/∂b/);
    await answer.fill("c");
    await page.keyboard.press("Enter");
    await page.locator(".quiz .wrong").getByText("∂d/∂b = 2").waitFor();
    await answer.fill("2c");
    await page.keyboard.press("Enter");
    await page.locator(".quiz .right").waitFor();
    await page.keyboard.press("Enter");
    await page.getByLabel(/What is ∂L\/∂e/).waitFor();
    expect(faults).toEqual([]);
  });

  it("opens every example, every panel, and every operation", async () => {
    const { page, faults } = await room();
    const examples = await page.getByLabel("Example").locator("option").all();
    expect(examples.length).toBeGreaterThanOrEqual(11);
    for (const option of examples) {
      await page.getByLabel("Example").selectOption((await option.getAttribute("value")) ?? "");
      for (const panel of ["Derivation", "Paths", "Nudge", "Quiz"]) {
        await page.getByRole("tab", { name: panel }).click();
        await page.locator("[role=tabpanel] math").first().waitFor();
      }
    }
    // What is wider than its place fades where it goes on.
    const wide = page.locator(".graph .scroller");
    await wide.evaluate((place) => place.scrollTo(0, 0));
    await page.locator(".graph .scroller.more-right:not(.more-left)").waitFor();
    await wide.evaluate((place) => place.scrollTo(1e6, 0));
    await page.locator(".graph .scroller.more-left:not(.more-right)").waitFor();
    await page.getByLabel("Every operation").check();
    await page.locator(".graph .box").first().waitFor();
    expect(faults).toEqual([]);
  });

  it("keeps all it shows in its address", async () => {
    const { page, faults } = await room();
    await write(page, "q = u v");
    await page.getByLabel("u, as a number", { exact: true }).fill("7");
    await page.getByRole("tab", { name: "Nudge" }).click();
    await rested(page);
    const again = await studio.open(page.url());
    await again.page.waitForSelector(".graph .box");
    expect(await again.page.getByLabel("u, as a number", { exact: true }).inputValue()).toBe("7");
    expect(await again.page.getByRole("tab", { name: "Nudge" }).getAttribute("aria-selected")).toBe(
      "true",
    );
    expect([...faults, ...again.faults]).toEqual([]);
  });

  it("shows hostile texts as texts", async () => {
    const link = await writePermalink({
      room: "chain-rule",
      state: {
        text: "y = x <img src=x onerror=alert(1)>",
        values: { "<b>": 1 },
        wrt: "<script>alert(1)</script>",
      },
    });
    const { page, faults } = await studio.open(`${studio.address}${link}`);
    await page.getByText("line 1, column").waitFor();
    await page.waitForSelector(".cm-content");
    expect(await page.locator("img, script:not([src])").count()).toBe(0);
    const bad = await studio.open(`${studio.address}#room=chain-rule&s=%00<script>`);
    await bad.page.getByText("this link is damaged").waitFor();
    await bad.page.waitForSelector(".graph .box");
    expect([...faults, ...bad.faults]).toEqual([]);
  });

  it("fits a phone's width", async () => {
    const { page, faults } = await room({}, 360);
    for (const panel of ["Derivation", "Paths", "Nudge", "Quiz"]) {
      await page.getByRole("tab", { name: panel }).click();
      await page.locator("[role=tabpanel] math").first().waitFor();
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
    expect(faults).toEqual([]);
  });
});
