import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;

/**
 * Has a module and all it needs at hand when the page opens; `path` is the end of its file's name. The page asks for
 * the parts at once, where its own script would ask for them only after it has come itself and has run. And they
 * say that what they hold is needed: a browser then reads them whole aside, not function by function in the page.
 */
export function firstRoom(path: string): Plugin {
  return {
    name: "first-room",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const chunk of [...partsOf(bundle, path), ...entriesOf(bundle)]) {
          chunk.code = `${HINT}\n${chunk.code}`;
        }
      },
    },
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) => partsOf(bundle, path).flatMap(linksOf),
    },
  };
}

/** Chromium's word for it, to stand in a file's first line. */
const HINT = "//# allFunctionsCalledOnLoad";

function entriesOf(bundle: Bundle): Rolldown.OutputChunk[] {
  return Object.values(bundle).filter(
    (part) => part.type === "chunk" && part.isEntry,
  ) as Rolldown.OutputChunk[];
}

/** The chunk that holds a module, and all that it imports, but for the page's own script. */
function partsOf(bundle: Bundle, path: string): Rolldown.OutputChunk[] {
  const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
  const first = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(path));
  if (first === undefined) throw new Error(`firstRoom: there must be a part for ${path}`);
  const parts = new Set<Rolldown.OutputChunk>();
  const open = [first.fileName];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    if (chunk === undefined || chunk.isEntry || parts.has(chunk)) continue;
    parts.add(chunk);
    open.push(...chunk.imports);
  }
  return [...parts];
}

function linksOf({ fileName, viteMetadata }: Rolldown.OutputChunk): HtmlTagDescriptor[] {
  const link = (rel: string, name: string): HtmlTagDescriptor => ({
    tag: "link",
    attrs: { rel, crossorigin: true, href: `./${name}` },
    injectTo: "head",
  });
  const styles = [...(viteMetadata?.importedCss ?? [])];
  return [link("modulepreload", fileName), ...styles.map((name) => link("stylesheet", name))];
}
