import { defineConfig } from "vite";
import { singleFile } from "./build/singleFile.ts";

/** The page's policy: nothing from elsewhere; WebAssembly may be compiled, texts may not run. */
export const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * `vite build` makes the folder `site`, which any static host serves: all addresses are relative. With
 * `--mode single` it makes `single/studio.html`, one file with everything inside.
 */
export default defineConfig(({ mode }) => ({
  base: "./",
  resolve: { conditions: ["@chainrule/source", "browser", "module", "import", "default"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" as const },
  plugins: mode === "single" ? singleFile("studio.html") : [],
  build: {
    outDir: mode === "single" ? "single" : "site",
    emptyOutDir: true,
    copyPublicDir: mode !== "single",
    target: "es2022",
    reportCompressedSize: false,
  },
}));
