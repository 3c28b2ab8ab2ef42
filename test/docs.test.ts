import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Inside `test`, so that the samples find the packages as a user's program would. */
const folder = join(root, "test", ".docs");

interface Sample {
  readonly name: string;
  readonly text: string;
}

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
  ...readdirSync(join(root, "packages"))
    .map((name) => join("packages", name, "README.md"))
    .filter((path) => exists(join(root, path))),
];

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The ```ts blocks of a page. */
function samplesOf(page: string): Sample[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((found, i) => ({
    name: `${page.replaceAll(/[^\w]+/g, "-")}-${i + 1}`,
    text: found[1] as string,
  }));
}

/** `expression; // → text` becomes a check that the expression is shown so. */
function withChecks(text: string): string {
  const lines = text.split("\n").map((line) => {
    const found = /^(\S.*?);\s+\/\/ → (.+)$/.exec(line);
    return found === null ? line : `expectShown(${found[1]}, ${JSON.stringify(found[2])});`;
  });
  const global =
    "(globalThis as unknown as { expectShown: (value: unknown, text: string) => void })";
  return `const expectShown = ${global}.expectShown;\nvoid expectShown;\n${lines.join("\n")}\nexport {};\n`;
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? value
    : inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 6 });
}

const samples = pages.flatMap(samplesOf);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of samples) writeFileSync(join(folder, `${name}.ts`), withChecks(text));
  const config = {
    extends: "../tsconfig.json",
    compilerOptions: { lib: ["ES2023", "DOM"] },
    files: samples.map(({ name }) => `${name}.ts`),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
});

describe("samples of the documentation", () => {
  it("are there", () => {
    expect(samples.length).toBeGreaterThan(5);
  });

  it("type-check with the project's own flags", () => {
    let output = "";
    try {
      execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", folder], { encoding: "utf8" });
    } catch (error) {
      output = String((error as { stdout: string }).stdout);
    }
    expect(output).toBe("");
  }, 60_000);

  it.each(samples)("$name runs and prints what it says", async ({ name }) => {
    const show = (value: unknown, text: string) => expect(shown(value)).toBe(text);
    (globalThis as unknown as { expectShown: typeof show }).expectShown = show;
    await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  });
});
