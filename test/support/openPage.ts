import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A page's files by path, and the policy they are served under. */
export interface Page {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly policy?: string;
  /** Further headers of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
};

/** What has come of a page. */
export interface Opened {
  /** What it posted. */
  readonly posted: string;
  /** Paths it asked for. */
  readonly requested: readonly string[];
}

/** How long a page may take: busy machines are slow. */
const PATIENCE = 100_000;

/**
 * Opens `/index.html` in Chromium from a server of its own; gives what the page posts.
 *
 * Throws if the page has not posted in time, with what the browser has printed.
 */
export async function openPage({ files, policy, headers }: Page): Promise<Opened> {
  const profile = mkdtempSync(join(tmpdir(), "chainrule-browser-"));
  let finish: (text: string) => void = () => undefined;
  const done = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const requested: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let text = "";
      request.on("data", (part) => {
        text += part;
      });
      request.on("end", () => {
        response.end();
        finish(text);
      });
      return;
    }
    const path = (request.url ?? "/").slice(1) || "index.html";
    const content = files[path];
    requested.push(path);
    response.writeHead(content === undefined ? 404 : 200, {
      "content-type": types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream",
      ...(policy === undefined ? {} : { "content-security-policy": policy }),
      ...headers,
    });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`];
  // Without stopping for a debugger's port headless Chromium ends once the page has loaded.
  const stay = ["--remote-debugging-port=0", "--enable-logging=stderr"];
  const child = spawn("chromium", [...flags, ...stay, `http://127.0.0.1:${port}/index.html`], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  child.stderr.on("data", (part) => {
    printed += part;
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page has not answered:\n${printed}`)), PATIENCE);
  });
  try {
    return { posted: await Promise.race([done, late]), requested };
  } finally {
    clearTimeout(timer);
    // The browser is a group of processes.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await closed;
    server.close();
    server.closeAllConnections();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
