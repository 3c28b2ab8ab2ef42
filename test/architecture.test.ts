import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type Allowed,
  breaches,
  cycles,
  folderEdges,
  imported,
  sourcesBelow,
  unruly,
} from "./support/imports.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Who may know whom; see docs/architecture.md. */
const table: Readonly<Record<string, Allowed>> = {
  core: { packages: [], libraries: ["mathjs"] },
  compile: { packages: ["core"], libraries: [] },
  safetensors: { packages: [], libraries: ["node:"] },
  nn: {
    packages: ["core", "compile", "safetensors"],
    libraries: ["node:", "cli-progress", "csv-parse", "fast-png"],
  },
  render: {
    packages: ["core"],
    libraries: ["@dagrejs/dagre", "temml", "@resvg/resvg-wasm", "d3-array", "d3-contour"],
  },
  interop: {
    packages: ["core", "compile", "nn", "safetensors"],
    libraries: ["node:", "@bufbuild/protobuf", "@cortex-js/compute-engine", "onnxruntime-node"],
  },
  cli: {
    packages: ["core", "compile", "safetensors", "nn", "render", "interop"],
    libraries: ["node:", "commander", "csv-parse", "picocolors"],
  },
  studio: {
    packages: ["core", "compile", "safetensors", "nn", "render", "interop"],
    libraries: [
      "preact",
      "@preact/signals",
      "@codemirror/autocomplete",
      "@codemirror/commands",
      "@codemirror/language",
      "@codemirror/lint",
      "@codemirror/state",
      "@codemirror/view",
      "@lezer/highlight",
    ],
  },
};

/**
 * Inside core, a node's methods build nodes, and rules of ops refer to each other by functions that
 * are called later; these modules may know each other.
 */
const lateBound = [
  "expr",
  "intern",
  "attributesKey",
  "operands",
  "op",
  "elementwise",
  "ops",
  "traverse",
  "closure",
].map((name) => `packages/core/src/${name}`);

function isLateBound(place: string): boolean {
  return lateBound.includes(place.replace(/\.ts$/, ""));
}

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

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

describe("the architecture", () => {
  it("lets packages import only whom the table allows", () => {
    expect(breaches(sources, table, names)).toEqual([]);
  });

  it("lets examples import only what is published", () => {
    const own = sourcesBelow(root, "examples");
    expect(own.length).toBeGreaterThan(0);
    const allowed = { packages: ["core", "compile", "nn", "render"], libraries: ["node:"] };
    const placed = own.map(({ path, text }) => ({ path: `packages/${path}`, text }));
    expect(breaches(placed, { examples: allowed }, names)).toEqual([]);
    expect(unruly(own)).toEqual([]);
  });

  it("lets only the parser of core know mathjs", () => {
    const knowing = sources.filter(({ text }) => /from "mathjs/.test(text)).map(({ path }) => path);
    expect(knowing.length).toBeGreaterThan(0);
    for (const path of knowing) expect(path).toMatch(/^packages\/core\/src\/parse\//);
  });

  it("has no import cycle between packages", () => {
    const edges = packages.map((name) => {
      const own = sources.filter(({ path }) => path.startsWith(`packages/${name}/`));
      const known = imported(own).flatMap((library) => names[library] ?? []);
      return [name, new Set(known.filter((other) => other !== name))] as const;
    });
    expect(cycles(new Map(edges))).toEqual([]);
  });

  it.each(packages)("%s declares what it imports, and no library it never names", (name) => {
    const own = sources.filter(({ path }) => path.startsWith(`packages/${name}/`));
    const text = readFileSync(`${root}packages/${name}/package.json`, "utf8");
    const {
      peerDependencies = {},
      peerDependenciesMeta = {},
      ...manifest
    } = JSON.parse(text) as Manifest;
    // Peers are those that only some users need: they bring them along.
    for (const peer of Object.keys(peerDependencies)) {
      expect(peerDependenciesMeta[peer]?.optional, peer).toBe(true);
    }
    const dependencies = { ...manifest.dependencies, ...peerDependencies };
    const needed = imported(own).filter((library) => names[library] !== name);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(needed));
    const libraries = Object.keys(dependencies).filter((library) => names[library] === undefined);
    // A font is named by a style sheet.
    const named = [...own, ...sourcesBelow(root, `packages/${name}/src`, /\.css$/)];
    const idle = libraries.filter((library) => !named.some(({ text }) => text.includes(library)));
    expect(idle).toEqual([]);
    for (const version of Object.values(dependencies)) {
      expect(version, "pinned").toMatch(/^(?:workspace:\*|\d+\.\d+\.\d+)$/);
    }
  });

  it("has no import cycle between folders, apart from the late-bound modules of core", () => {
    const found = cycles(folderEdges(sources));
    const wrong = found.filter((cycle) => !cycle.every(isLateBound));
    expect(wrong).toEqual([]);
  });

  it("never builds code from text, and uses no randomness of its own", () => {
    expect(unruly(sources)).toEqual([]);
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

  it("find the packages that are imported, types and entries too", () => {
    const texts = [
      'import type { x } from "@chainrule/core/parse";\nimport "./y.ts";',
      'import { readFile } from "node:fs";\nexport { z } from "mathjs/number";',
      'const late = await import("temml");',
    ];
    const found = imported(texts.map((text, i) => source(`packages/render/src/${i}.ts`, text)));
    expect(found).toEqual(["@chainrule/core", "mathjs", "temml"]);
  });

  it("find code made from text", () => {
    const bad = ["eval(text)", 'const f = new Function("x", body);', "return Math.random();"];
    const good = ["// eval(text) is not used", " * Math.random() is not", "evaluate(x)"];
    const all = [...bad, ...good].map((text, i) => source(`packages/core/src/${i}.ts`, text));
    expect(unruly(all)).toHaveLength(bad.length);
  });
});
