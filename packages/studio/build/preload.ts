import type { HtmlTagDescriptor, Plugin } from "vite";

/**
 * Asks for a module's parts together with the page: `path` is the end of its file's name. The page's own script
 * would ask for them only once it has come itself and has run.
 */
export function preload(path: string): Plugin {
  return {
    name: "preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
        const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(path));
        if (entry === undefined) throw new Error(`preload: there must be a part for ${path}`);
        const tags: HtmlTagDescriptor[] = [];
        const seen = new Set<string>();
        const open = [entry.fileName];
        for (let name = open.pop(); name !== undefined; name = open.pop()) {
          const chunk = chunks.find(({ fileName }) => fileName === name);
          if (seen.has(name) || chunk === undefined || chunk.isEntry) continue;
          seen.add(name);
          tags.push(link("modulepreload", name));
          for (const style of chunk.viteMetadata?.importedCss ?? []) {
            tags.push(link("stylesheet", style));
          }
          open.push(...chunk.imports);
        }
        return tags;
      },
    },
  };
}

function link(rel: string, name: string): HtmlTagDescriptor {
  return {
    tag: "link",
    attrs: { rel, crossorigin: true, href: `./${name}` },
    injectTo: "head",
  };
}
