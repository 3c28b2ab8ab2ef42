import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "chainrule";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serveFolder } from "../../packages/cli/src/serveFolder.ts";
import { policy } from "../../packages/studio/vite.config.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-serve-"));
const site = join(folder, "site");
let served: Served;

beforeAll(async () => {
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(site, "index.html"), "<h1>studio</h1>");
  writeFileSync(join(site, "assets", "a b.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "secret");
  served = await serveFolder(site, { port: 0, policy });
});
afterAll(async () => {
  served.server.close();
  await served.closed;
  rmSync(folder, { recursive: true });
});

const ask = (path: string, init?: RequestInit) => fetch(new URL(path, served.address), init);

describe("the studio's server", () => {
  it("gives files with their type and the page's policy", async () => {
    const page = await ask("/?embed#room=worked");
    expect(await page.text()).toBe("<h1>studio</h1>");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toBe(policy);
    const script = await ask("/assets/a%20b.js");
    expect(await script.text()).toBe("export {};");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  });

  it("gives nothing beside its folder, and no folders", async () => {
    for (const path of ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets", "/none.js", "/%ff"]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    expect((await ask("/", { method: "POST" })).status).toBe(405);
    const head = await ask("/", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("says that a port is taken", async () => {
    const port = Number(new URL(served.address).port);
    await expect(serveFolder(site, { port, policy })).rejects.toThrow(
      `studio: the port must be free, got ${port}; try --port 0`,
    );
  });
});

describe("chainrule studio", () => {
  it("wants a port", async () => {
    let error = "";
    const out = () => undefined;
    const told = (text: string) => {
      error += text;
    };
    const code = await run(["studio", "--port", "http"], { out, error: told, color: false });
    expect(code).toBe(2);
    expect(error).toContain("must be a whole number from 0 to 65535");
  });
});
