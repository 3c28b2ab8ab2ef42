import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The custom element as a module of its own; what sets formulas stays a part that is had when it is needed. */
export function element(): Plugin {
  return {
    name: "element",
    enforce: "pre",
    config: () => ({
      build: {
        lib: { entry: local("../src/element/chainRule.ts"), formats: ["es"] },
        minify: true,
        rolldownOptions: {
          output: { entryFileNames: "chain-rule.js", chunkFileNames: "chain-rule-[name].js" },
        },
      },
    }),
    // Its styles are those it asks for as texts; what components ask for is for pages.
    load: (id) => (id.endsWith(".css") ? "" : null),
    resolveId: (source) =>
      source.endsWith("/drawer.ts") ? local("../src/graph/drawNow.ts") : null,
  };
}
