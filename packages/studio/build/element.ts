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
        modulePreload: false,
        rolldownOptions: {
          input: local("../src/element/chainRule.ts"),
          preserveEntrySignatures: "allow-extension",
          output: { entryFileNames: "chain-rule.js", chunkFileNames: "chain-rule-[name].js" },
        },
      },
    }),
    // Its styles are those it asks for as texts; what components ask for is for pages.
    load: (id) => (id.endsWith(".css") ? "" : null),
    generateBundle: {
      order: "post",
      handler: (_, bundle) => {
        for (const name of Object.keys(bundle)) if (name.endsWith(".css")) delete bundle[name];
      },
    },
    resolveId: (source) =>
      source.endsWith("/drawer.ts") ? local("../src/graph/drawNow.ts") : null,
  };
}
