import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Allowed, breaches, cycles, folderEdges, sourcesBelow } from "./support/imports.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Who may know whom; see docs/architecture.md. */
const table: Readonly<Record<string, Allowed>> = {
  core: { packages: [], libraries: ["mathjs"] },
  compile: { packages: ["core"], libraries: [] },
  safetensors: { packages: [], libraries: ["node:"] },
  nn: { packages: ["core", "compile", "safetensors"], libraries: ["node:"] },
  render: { packages: ["core"], libraries: ["@dagrejs/dagre", "temml", "@resvg/resvg-wasm"] },
  interop: { packages: ["core", "compile", "nn", "safetensors"], libraries: ["node:"] },
  cli: {
    packages: ["core", "compile", "safetensors", "nn", "render", "interop"],
    libraries: ["node:", "commander", "csv-parse", "picocolors"],
  },
  studio: {
    packages: ["core", "compile", "safetensors", "nn", "render", "interop"],
    libraries: ["preact", "@preact/signals"],
  },
};

/**
 * Inside core, a node's methods build nodes, and rules of ops refer to each other by functions that
 * are called later; these modules may know each other.
 */
const LATE_BOUND = /^packages\/core\/src\/(?:expr|op|elementwise|ops|traverse|closure)(?:\.ts|$)/;

const packages = readdirSync(`${root}packages`).filter((name) =>
  existsSync(`${root}packages/${name}/package.json`),
);
const names = Object.fromEntries(
  packages.map((name) => [
    JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8")).name as string,
    name,
  ]),
);
const sources = packages.flatMap((name) => sourcesBelow(root, `packages/${name}/src`));

describe("the architecture", () => {
  it("lets packages import only whom the table allows", () => {
    expect(breaches(sources, table, names)).toEqual([]);
  });

  it("lets only the parser of core know mathjs", () => {
    const knowing = sources.filter(({ text }) => /from "mathjs/.test(text)).map(({ path }) => path);
    expect(knowing.length).toBeGreaterThan(0);
    for (const path of knowing) expect(path).toMatch(/^packages\/core\/src\/parse\//);
  });

  it("has no import cycle between packages", () => {
    const edges = new Map(packages.map((name) => [name, new Set(table[name]?.packages)]));
    expect(cycles(edges)).toEqual([]);
  });

  it("has no import cycle between folders, apart from the late-bound modules of core", () => {
    const found = cycles(folderEdges(sources));
    const wrong = found.filter((cycle) => !cycle.every((place) => LATE_BOUND.test(place)));
    expect(wrong).toEqual([]);
  });

  it("never builds code from text, and uses no randomness of its own", () => {
    const forbidden = /\beval\s*\(|new Function\b|Math\.random\b/;
    const found = sources.filter(({ text }) =>
      forbidden.test(text.replace(/^\s*(?:\/\/|\*).*$/gm, "")),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

describe("the checks themselves", () => {
  const source = (path: string, text: string) => ({ path, text });

  it("find a package that knows too much, and an unknown library", () => {
    const bad = [
      source("packages/core/src/a.ts", 'import { x } from "@chainrule/render";'),
      source("packages/render/src/b.ts", 'import type { y } from "left-pad";'),
      source("packages/render/src/c.ts", 'export * from "../../core/src/expr.ts";'),
      source("packages/render/src/d.ts", 'import { z } from "@chainrule/core/src/expr.ts";'),
    ];
    const all = { "@chainrule/render": "render", "@chainrule/core": "core" };
    expect(breaches(bad, table, all)).toHaveLength(4);
  });

  it("find a cycle between folders", () => {
    const edges = folderEdges([
      source("packages/render/src/a/x.ts", 'import "../b/y.ts";'),
      source("packages/render/src/b/y.ts", 'import { x } from "../a/x.ts";'),
    ]);
    expect(cycles(edges)).toHaveLength(1);
  });
});
