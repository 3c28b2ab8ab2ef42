import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { run } from "chainrule";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Inside `test`, so that the samples find the packages as a user's program would. */
const folder = join(root, "test", ".docs");
/** Where samples write their files. */
const workplace = mkdtempSync(join(tmpdir(), "chainrule-docs-"));
const before = process.cwd();
beforeAll(() => {
  // A copy: commands may write into the paper.
  cpSync(join(root, "docs/paper"), join(workplace, "docs/paper"), { recursive: true });
  process.chdir(workplace);
});
afterAll(() => {
  process.chdir(before);
  rmSync(workplace, { recursive: true, force: true });
});

interface Sample {
  readonly name: string;
  readonly text: string;
}

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("api"))
    .map((name) => join("docs", name)),
  ...readdirSync(join(root, "packages"))
    .map((name) => join("packages", name, "README.md"))
    .filter((path) => existsSync(join(root, path))),
];

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
    include: [],
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
      execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", folder], {
        cwd: root,
        encoding: "utf8",
      });
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

/** The ```sh lines of all pages. */
const commands = pages.flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(
    (found) =>
      (found[1] ?? "")
        .trim()
        .split("\n")
        .map((line) => line.replace(/\s+# .*$/, "")),
  ),
);

/** Words of a line as shells read them, as far as the pages go. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

describe("commands of the documentation", () => {
  /** What runs other programs, and is tested elsewhere. */
  const others =
    /^(?:npm (?:start|test|start -- studio|run docs|run bench|run build|test -- \S+)|dot -Tsvg \S+ -o \S+|\.ci\/run)$/;
  const own = /^(?:npm start -- |chainrule )/;

  it.each([...new Set(commands)])("%s", async (line) => {
    if (others.test(line)) return;
    expect(line).toMatch(own);
    let told = "";
    const write = (text: string) => {
      told += text;
    };
    const code = await run(words(line.replace(own, "")), {
      out: write,
      error: write,
      color: false,
    });
    expect(code, told).toBe(0);
  });
});

describe("links of the documentation", () => {
  it.each(pages)("%s", (page) => {
    const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
      ([, link = ""]) => link,
    );
    const dead = links.filter((link) => !existsSync(resolve(root, dirname(page), link)));
    expect(dead).toEqual([]);
  });
});
