// `npm run screenshots`: pictures of every room of the studio, in light and dark colours, wide and narrow, into
// docs/studio. Needs Chromium.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { build, checkNode, install } from "./setup.mjs";
import { buildStudio } from "./studio.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
build();
buildStudio();

/** What is waited for and done in each room before its picture is taken. */
const rooms = {
  "chain-rule": async (page) => {
    await page.locator(".graph .box").first().waitFor();
    await page.locator(".step math").first().waitFor();
  },
  worked: async (page) => {
    await page.getByRole("button", { name: "Network", exact: true }).focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
    await page.locator(".equations math").first().waitFor();
  },
  playground: async (page) => {
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.waitForTimeout(6000);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
  },
  activations: (page) => page.locator(".equations math").first().waitFor(),
  deeper: (page) => page.locator("canvas, svg").first().waitFor(),
};
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 780 } };

const folder = join(root, "docs", "studio");
mkdirSync(folder, { recursive: true });
const serve = pathToFileURL(join(root, "packages", "cli", "dist", "serveFolder.js")).href;
const { serveFolder } = await import(serve);
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const site = join(root, "packages", "studio", "site");
const { address, server } = await serveFolder(site, { port: 0, policy });
const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" });
const browser = await chromium.launch({
  executablePath: executablePath.trim(),
  args: ["--no-sandbox"],
});
for (const [room, prepare] of Object.entries(rooms)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of Object.entries(sizes)) {
      // Half the pixels are enough for a README.
      const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 0.625 });
      await page.goto(`${address}#room=${room}`);
      await page.waitForSelector("main h1");
      await prepare(page);
      // The focus of what was done last is no part of the picture.
      await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)");
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${room}-${colorScheme}-${size}.png`) });
      console.log(`docs/studio/${room}-${colorScheme}-${size}.png`);
      await page.close();
    }
  }
}
await browser.close();
server.close();
