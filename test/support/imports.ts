import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** A module and what it imports. */
export interface Source {
  /** Path from the root of the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** All sources below a folder, of TypeScript unless others are asked for. */
export function sourcesBelow(root: string, folder: string, names = /\.tsx?$/): Source[] {
  const out: Source[] = [];
  const open = [join(root, folder)];
  while (open.length > 0) {
    const at = open.pop() as string;
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && entry.name !== "dist") open.push(path);
      } else if (names.test(entry.name)) {
        out.push({
          path: relative(root, path).replaceAll("\\", "/"),
          text: readFileSync(path, "utf8"),
        });
      }
    }
  }
  return out.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const IMPORT =
  /^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

/** The specifiers a module imports, types included. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((found) => (found[1] ?? found[2]) as string);
}

/** Whom each package may import, and from outside which libraries. */
export interface Allowed {
  readonly packages: readonly string[];
  readonly libraries: readonly string[];
}

/** Breaches of the table, as sentences; none where all is well. */
export function breaches(
  sources: readonly Source[],
  table: Readonly<Record<string, Allowed>>,
  names: Readonly<Record<string, string>>,
): string[] {
  const out: string[] = [];
  for (const { path, text } of sources) {
    const [, own = ""] = path.split("/");
    const allowed = table[own];
    if (allowed === undefined) {
      out.push(`${path}: package ${own} must stand in the table`);
      continue;
    }
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith(".")) {
        const target = relative(".", resolve(dirname(path), specifier)).replaceAll("\\", "/");
        if (!target.startsWith(`packages/${own}/`)) {
          out.push(`${path}: relative imports must stay in the package, got ${specifier}`);
        }
        continue;
      }
      if (specifier.startsWith("node:")) {
        if (!allowed.libraries.includes("node:") && !allowed.libraries.includes(specifier)) {
          out.push(`${path}: ${own} must not import ${specifier}`);
        }
        continue;
      }
      const [name] = packageOf(specifier);
      if (name === undefined) continue;
      const target = names[name];
      if (target === undefined) {
        if (!allowed.libraries.includes(name)) out.push(`${path}: ${own} must not import ${name}`);
      } else if (target !== own && !allowed.packages.includes(target)) {
        out.push(`${path}: ${own} must not know ${target}`);
      } else if (/\/(?:src|dist)\//.test(specifier)) {
        out.push(`${path}: a package's inside must not be imported, got ${specifier}`);
      }
    }
  }
  return out;
}

/** The package a specifier belongs to: `@a/b/c` → `@a/b`; none for relative ones, `#own` and Node's own. */
function packageOf(specifier: string): string[] {
  if (/^(?:\.|#|node:)/.test(specifier)) return [];
  return [specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")];
}

/** The packages that modules import, each once, in the order of their names. */
export function imported(sources: readonly Source[]): string[] {
  return [...new Set(sources.flatMap(({ text }) => importsOf(text).flatMap(packageOf)))].sort();
}

/** Code made from text, and randomness that no seed governs, by the modules that use them. */
export function unruly(sources: readonly Source[]): string[] {
  const forbidden = /\beval\s*\(|\bnew\s+Function\b|\bFunction\s*\(|\bMath\.random\b/;
  return sources
    .filter(({ text }) => forbidden.test(text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, "")))
    .map(({ path }) => path);
}

/** Cycles among the nodes of a graph of imports, each as the nodes on it. */
export function cycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const out: string[][] = [];
  const done = new Set<string>();
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    const path: string[] = [start];
    const pending: string[][] = [[...(edges.get(start) ?? [])]];
    while (path.length > 0) {
      const next = pending.at(-1)?.pop();
      if (next === undefined) {
        done.add(path.pop() as string);
        pending.pop();
      } else if (path.includes(next)) {
        out.push([...path.slice(path.indexOf(next)), next]);
      } else if (!done.has(next)) {
        path.push(next);
        pending.push([...(edges.get(next) ?? [])]);
      }
    }
  }
  return out;
}

/** The text without imports of types alone, which are gone at run time. */
function withoutTypeImports(text: string): string {
  return text.replace(/^\s*(?:import|export)\s+type\s[^"';]*?from\s+"[^"]+";/gm, "");
}

/**
 * Imports between folders inside each package, those of types apart; a file at the top of `src` is a
 * node of its own.
 */
export function folderEdges(sources: readonly Source[]): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  const place = (path: string): string => {
    const parts = path.split("/");
    return parts.length <= 4 ? path : parts.slice(0, 4).join("/");
  };
  for (const { path, text } of sources) {
    const from = place(path);
    const to = edges.get(from) ?? new Set<string>();
    edges.set(from, to);
    for (const specifier of importsOf(withoutTypeImports(text))) {
      if (!specifier.startsWith(".")) continue;
      const target = place(relative(".", resolve(dirname(path), specifier)).replaceAll("\\", "/"));
      if (target !== from) to.add(target);
    }
  }
  return edges;
}
