import { readFileSync } from "node:fs";
import { decode } from "@chainrule/safetensors";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { writePermalink } from "../../../../packages/studio/src/app/permalink.ts";
import { describeWith } from "../../../support/requireTool.ts";
import { openStudio, rested, type Studio } from "../../support/openStudio.ts";

describeWith("chromium", "the playground in a page", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  }, 120_000);
  afterEach(() => studio.closePages());
  afterAll(() => studio?.close());

  async function enter(state: Readonly<Record<string, unknown>> = {}) {
    const link = await writePermalink({ room: "playground", state });
    const opened = await studio.open(`${studio.address}${link}`);
    await opened.page.locator(".playground .bar .primary:enabled").waitFor();
    return opened;
  }

  const epoch = async (page: Page): Promise<number> =>
    Number(((await page.locator(".epoch").textContent()) ?? "").replaceAll(",", ""));

  /** Waits until so many hundredths of the training points are right. */
  const right = (page: Page, least: number) =>
    page.waitForFunction((wanted) => {
      const text = document.querySelector(".training-accuracy")?.textContent ?? "";
      return Number.parseFloat(text) >= wanted;
    }, least);

  it("trains until XOR is solved, by the keyboard alone", async () => {
    const { page, faults } = await enter({ rate: 0.1, noise: 0 });
    await page.getByRole("button", { name: "XOR" }).press("Enter");
    const train = page.getByRole("button", { name: "Train", exact: true });
    await train.press("Enter");
    await right(page, 97);
    await page.getByRole("button", { name: "Pause" }).press("Space");
    await train.waitFor();
    const picture = page.getByRole("img", { name: /^Decision boundary over x and y/ });
    expect(await picture.getAttribute("aria-label")).toMatch(
      /right: (?:9[7-9]|100)\.\d % in training/,
    );
    expect(await page.locator(".curve-figure path.trained").first().getAttribute("d")).toMatch(/L/);
    expect(faults).toEqual([]);
  });

  it("shows a unit's weights, changes them, and keeps them in the address", async () => {
    const { page, faults } = await enter({ layers: [2], activation: "relu" });
    await page.getByRole("button", { name: "One epoch" }).press("Enter");
    await page.getByRole("button", { name: "Unit 2 of layer 1" }).press("Enter");
    const bias = page.getByRole("textbox", { name: "Bias" });
    await bias.fill("-50");
    await page.getByRole("button", { name: "Unit 2 of layer 1, dead" }).waitFor();
    await page.getByText("It is dead: for every example").waitFor();
    await page.getByText(/^layer 1: 1 of 2 units are dead/).waitFor();
    await rested(page);
    // Not by a reload, which never ends if the page changes its address in that moment.
    const again = await studio.open(page.url());
    await again.page.getByRole("button", { name: "Unit 2 of layer 1, dead" }).press("Enter");
    const kept = again.page.getByRole("textbox", { name: "Bias" });
    await expect.poll(() => kept.inputValue()).toBe("-50");
    expect(await epoch(again.page)).toBe(1);
    expect([...faults, ...again.faults]).toEqual([]);
  });

  it("edits the network, and goes on with another rate", async () => {
    const { page, faults } = await enter({ layers: [2] });
    const units = page.getByRole("button", { name: /^Unit \d of layer/ });
    expect(await units.count()).toBe(2);
    await page.getByRole("button", { name: "One hidden layer more" }).click();
    await page.getByRole("button", { name: "One unit more in layer 1" }).click();
    await expect.poll(() => units.count()).toBe(5);
    await page.getByRole("button", { name: "Feature xy" }).click();
    await page.getByRole("img", { name: /^What xy gives over x and y/ }).waitFor();
    await page.getByRole("button", { name: "Unit 1 of layer 1" }).click();
    await page.getByRole("textbox", { name: "Weight of xy" }).waitFor();
    await page.getByRole("button", { name: "One epoch" }).click();
    await expect.poll(() => epoch(page)).toBe(1);
    // What one points at is shown large; the keyboard points too.
    await page.getByRole("img", { name: /^Decision boundary/ }).waitFor();
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Unit 2 of layer 1" }).focus();
    await page.getByRole("img", { name: /^What unit 2 of layer 1 gives over/ }).waitFor();
    const colours = (): Promise<number> =>
      page.locator("canvas.field").evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const data = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
        return new Set(new Uint32Array(new Uint8Array(data).buffer)).size;
      });
    expect(await colours()).toBeGreaterThan(2);
    await page.getByLabel("Discretize the output").check();
    await page.getByRole("img", { name: /^Decision boundary/ }).waitFor();
    expect(await colours()).toBeLessThanOrEqual(2);
    await page.getByLabel("Learning rate").selectOption("0.1");
    await page.getByRole("button", { name: "One epoch" }).click();
    await expect.poll(() => epoch(page)).toBe(2);
    await page.getByRole("button", { name: "Restart" }).click();
    await expect.poll(() => epoch(page)).toBe(0);
    expect(faults).toEqual([]);
  });

  it("takes points from clicks and from tables, and says what is wrong with them", async () => {
    const { page, faults } = await enter({});
    await page.getByRole("button", { name: "Own" }).click();
    await page.getByText("own points: there must be at least 4, got 0").waitFor();
    const field = page.locator(".field-picture");
    await field.click({ position: { x: 20, y: 30 } });
    await page.getByText("1 of at most 1000").waitFor();
    await page.getByRole("button", { name: "class 1" }).click();
    await page.getByRole("textbox", { name: "x", exact: true }).fill("1.5");
    await page.getByRole("button", { name: "Set the point" }).click();
    await page.getByText("2 of at most 1000").waitFor();
    await page.getByText("From a table (CSV)").click();
    const text = page.getByLabel("Or its text");
    await text.fill("a,b,c\n1,2,x\n3,oops,y\n1,1,x\n2,2,y");
    await page.getByRole("button", { name: "Use the table" }).click();
    await page.getByText('table: line 3, column 2: a field must be a number, got "oops"').waitFor();
    const hostile = "<img src=x onerror=alert(1)>";
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 5},${i < 10 ? hostile : "good"}`);
    await text.fill(`a,b,c\n${rows.join("\n")}`);
    await page.getByRole("button", { name: "Use the table" }).click();
    await page.getByText("20 of at most 1000").waitFor();
    await page.locator(".classes").getByText(hostile).waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await right(page, 90);
    expect(faults).toEqual([]);
  });

  it("stops early, and lets a committee vote", async () => {
    const { page, faults } = await enter({
      members: 3,
      patience: 3,
      optimizer: "adam",
      rate: 0.1,
      data: "moons",
      noise: 0.5,
    });
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page
      .getByText(/^Training has ended: validation loss has not improved for 3 epochs/)
      .waitFor();
    await page.getByRole("rowheader", { name: "Committee" }).waitFor();
    await page.getByLabel("Network shown").selectOption("Member 3");
    expect(faults).toEqual([]);
  });

  it("learns a surface", async () => {
    const { page, faults } = await enter({});
    await page.getByLabel("Problem").selectOption("regression");
    await page.getByRole("button", { name: "Hills" }).click();
    await page.getByRole("button", { name: "One epoch" }).click();
    await page
      .getByRole("img", { name: /^Surface of the output over x and y.* after 1 epochs/ })
      .waitFor();
    expect(await page.locator(".training-accuracy").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("gives the network away as program, JSON and safetensors", async () => {
    const { page, faults } = await enter({ layers: [2] });
    const written = async (name: string): Promise<Buffer> => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name, exact: true }).click();
      return readFileSync(await (await coming).path());
    };
    const json = JSON.parse((await written("JSON")).toString());
    expect(json.parameters["hidden1.weight"].shape).toEqual([2, 2]);
    const { tensors } = decode(await written("safetensors"));
    expect(Array.from(tensors.get("hidden1.weight")?.data ?? [])).toEqual(
      json.parameters["hidden1.weight"].values,
    );
    expect((await written("TypeScript")).toString()).toContain('from "@chainrule/nn"');
    expect(faults).toEqual([]);
  });
});
