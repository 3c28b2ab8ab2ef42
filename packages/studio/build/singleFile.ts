import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, PluginOption } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

/** Puts the page into one file that opens by a double click, with a policy of its own. */
export function singleFile(name: string): PluginOption[] {
  return [
    inlineWorkers(),
    inlineIcon(),
    viteSingleFile({ removeViteModuleLoader: true }),
    seal(name),
  ];
}

/** Workers come as part of the page's script: a page that is a file may load no other. */
function inlineWorkers(): Plugin {
  return {
    name: "inline-workers",
    enforce: "pre",
    resolveId(source, importer) {
      if (!source.endsWith("?worker")) return null;
      return this.resolve(`${source}&inline`, importer, { skipSelf: true });
    },
  };
}

function inlineIcon(): Plugin {
  return {
    name: "inline-icon",
    transformIndexHtml: (html) => {
      const icon = readFileSync(new URL("../public/icon.svg", import.meta.url)).toString("base64");
      return html.replace("./icon.svg", `data:image/svg+xml;base64,${icon}`);
    },
  };
}

/** Names what may run in the page, by its hash: its own scripts and styles, and nothing else. */
function seal(name: string): Plugin {
  return {
    name: "seal",
    writeBundle({ dir = "." }) {
      const path = join(dir, "index.html");
      const html = readFileSync(path, "utf8");
      const policy = `<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}">`;
      const sealed = html.replace(/<meta charset="utf-8"\s*\/?>/, (charset) => charset + policy);
      if (sealed === html) throw new Error("studio: the page must state its charset, got none");
      writeFileSync(join(dir, name), sealed);
      rmSync(path);
    },
  };
}

function policyOf(html: string): string {
  const hashes = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`, "g"))]
      .map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
      .join(" ");
  return [
    "default-src 'none'",
    `script-src ${hashes("script")} 'wasm-unsafe-eval' blob:`,
    `style-src ${hashes("style")}`,
    "worker-src blob:",
    "img-src data: blob:",
    "font-src data:",
    "connect-src data: blob:",
  ].join("; ");
}
