import { defineConfig, type Plugin, type PluginOption } from "vite";
import { element } from "./build/element.ts";
import { firstRoom } from "./build/firstRoom.ts";
import { singleFile } from "./build/singleFile.ts";

/** The page's policy: nothing from elsewhere; WebAssembly may be compiled, texts may not run. */
export const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const outDirs: Readonly<Record<string, string>> = { single: "single", element: "site/element" };

/** Says the policy in the page too, for hosts that send no header of their own. */
function stated(): Plugin {
  return {
    name: "policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

function pluginsOf(mode: string): PluginOption[] {
  if (mode === "single") return singleFile("studio.html");
  return mode === "element" ? [element()] : [stated(), firstRoom("rooms/chainRule/room.ts")];
}

/**
 * `vite build` makes the folder `site`, which any static host serves: all addresses are relative. With
 * `--mode single` it makes `single/studio.html`, one file with everything inside, with `--mode element` the custom
 * element `<chain-rule>` in `site/element`.
 */
export default defineConfig(({ mode }) => ({
  base: "./",
  resolve: { conditions: ["@chainrule/source", "browser", "module", "import", "default"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Browsers refuse workers that are modules to a page that is a file.
  worker:
    mode === "single"
      ? { format: "iife" as const, rolldownOptions: { output: { codeSplitting: false } } }
      : { format: "es" as const },
  plugins: pluginsOf(mode),
  build: {
    outDir: outDirs[mode] ?? "site",
    emptyOutDir: true,
    copyPublicDir: mode === "production",
    target: "es2022",
    // Forty kilobytes for all rooms: one file comes sooner than six of one room.
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
}));
