import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { policy } from "../../../packages/studio/vite.config.ts";

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
  close(): Promise<void>;
}

/** A page, and what went wrong in it: console errors, exceptions, requests to other hosts. */
export interface OpenedPage {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Builds the studio into a temporary folder, serves it, and starts Chromium. */
export async function openStudio(): Promise<Studio> {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-studio-"));
  execFileSync(vite, ["build", "--outDir", folder, "--emptyOutDir", "--logLevel", "error"], {
    cwd: join(root, "packages", "studio"),
    encoding: "utf8",
    stdio: "pipe",
  });
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
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
