import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/requireTool.ts";
import { openStudio, type Studio } from "./support/openStudio.ts";

describeWith("chromium", "the studio", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  }, 120_000);
  afterAll(() => studio?.close());

  it("opens without an error, and asks no other host", async () => {
    const { page, faults } = await studio.open();
    await page.waitForSelector("main");
    expect(faults).toEqual([]);
  });
});
