import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { policy } from "../../../packages/studio/vite.config.ts";
import { sourcesStamp } from "../../../scripts/build.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const vite = join(root, "packages", "studio", "node_modules", ".bin", "vite");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The built studio behind a server with the page's policy, and a browser to look at it. */
export interface Studio {
  /** Address of the page, with its closing slash. */
  readonly address: string;
  /** Folder of the build. */
  readonly folder: string;
  readonly browser: Browser;
  /** Opens a page of its own; `opened.faults` must be empty when a test ends. */
  open(address?: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  /** Closes all pages: what is left open goes on working, and is in the way of the next test. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** A page, and what went wrong in it: console errors, exceptions, requests to other hosts. */
export interface OpenedPage {
  readonly page: Page;
  readonly faults: readonly string[];
}

const DAY = 86_400_000;

/** The studio as it is built from the sources of this moment; several tests, in processes of their own, share one build. */
function build(): string {
  const builds = join(root, "node_modules", ".cache", "chainrule-studio");
  const folder = join(builds, sourcesStamp().slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(builds, { recursive: true });
  for (const name of readdirSync(builds)) {
    // Another process may have given its build another name in the meantime.
    const made = statSync(join(builds, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > DAY) rmSync(join(builds, name), { recursive: true, force: true });
  }
  const own = mkdtempSync(join(builds, "new-"));
  execFileSync(vite, ["build", "--outDir", own, "--emptyOutDir", "--logLevel", "error"], {
    cwd: join(root, "packages", "studio"),
    encoding: "utf8",
    stdio: "pipe",
  });
  try {
    renameSync(own, folder);
  } catch {
    // Another process was quicker.
    rmSync(own, { recursive: true, force: true });
  }
  return folder;
}

/** Builds the studio, serves a copy of it from a temporary folder, and starts Chromium. */
export async function openStudio(): Promise<Studio> {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-studio-"));
  cpSync(build(), folder, { recursive: true });
  const server = serveFolder(folder);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  return {
    address,
    folder,
    browser,
    async open(at = address, options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
      page.on("request", (request) => {
        const url = request.url();
        if (/^(?:data|blob|file|about):/.test(url) || url.startsWith(address)) return;
        faults.push(`request: ${url}`);
      });
      await page.goto(at);
      return { page, faults };
    },
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the address says what the page shows. */
export async function rested(page: Page): Promise<void> {
  for (let before = ""; before !== page.url(); ) {
    before = page.url();
    // By the page's own clock, behind its own timer of 300 ms: on a busy machine both are late.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
  }
}

function chromiumPath(): string {
  return execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
}

function serveFolder(folder: string): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://here").pathname;
    const asked = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
    const found = asked.startsWith(folder) && existsSync(asked) && statSync(asked).isFile();
    response.writeHead(found ? 200 : 404, {
      "content-type": types[extname(asked)] ?? "application/octet-stream",
      "content-security-policy": policy,
    });
    response.end(found ? readFileSync(asked) : undefined);
  });
}
