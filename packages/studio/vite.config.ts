import { defineConfig } from "vite";

/** The page's policy: nothing from elsewhere; WebAssembly may be compiled, texts may not run. */
export const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

// A folder that any static host serves: all addresses are relative.
export default defineConfig({
  base: "./",
  resolve: { conditions: ["@chainrule/source", "browser", "module", "import", "default"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: { outDir: "site", emptyOutDir: true, target: "es2022", reportCompressedSize: false },
});
