import type { Expr, Program } from "@chainrule/core";
import type { Exported } from "../rooms/room.ts";
import { variableNamed } from "./variableNamed.ts";

/** A form in which a room's graph leaves the page. */
export interface ExportFormat {
  readonly id: string;
  readonly title: string;
  /** Of the file's name, with its point. */
  readonly extension: string;
  readonly type: string;
  /** Writes it; what cannot be written is an error with a sentence of its own. */
  readonly make: (exported: Exported) => Promise<string | Blob>;
}

const writers = () => import("@chainrule/render");

/** The forms, in the order of the menu. */
export const formats: readonly ExportFormat[] = [
  {
    id: "latex",
    title: "LaTeX, the formula",
    extension: ".tex",
    type: "text/x-tex",
    make: async (exported) => {
      const { toLatex } = await writers();
      return `\\[\n  ${toLatex(exported.expr)}\n\\]\n`;
    },
  },
  {
    id: "derivation-latex",
    title: "LaTeX, the derivation",
    extension: ".tex",
    type: "text/x-tex",
    make: async (exported) => {
      const { derivation, derivationLatex } = await writers();
      return derivationLatex(derivation(targetOf(exported), exported.values, wrtOf(exported)));
    },
  },
  {
    id: "markdown",
    title: "Markdown, the derivation",
    extension: ".md",
    type: "text/markdown",
    make: async (exported) => {
      const { derivation, derivationMarkdown } = await writers();
      return derivationMarkdown(derivation(targetOf(exported), exported.values, wrtOf(exported)));
    },
  },
  {
    id: "dot",
    title: "DOT, for Graphviz",
    extension: ".dot",
    type: "text/vnd.graphviz",
    make: async (exported) => {
      const { toDot } = await writers();
      return toDot(targetOf(exported), { values: exported.values });
    },
  },
  {
    id: "mermaid",
    title: "Mermaid",
    extension: ".mmd",
    type: "text/vnd.mermaid",
    make: async (exported) => {
      const { toMermaid } = await writers();
      return toMermaid(targetOf(exported), { values: exported.values });
    },
  },
  {
    id: "tikz",
    title: "TikZ",
    extension: ".tex",
    type: "text/x-tex",
    make: async (exported) => {
      const { toTikz } = await writers();
      return toTikz(targetOf(exported), { values: exported.values });
    },
  },
  {
    id: "svg",
    title: "SVG",
    extension: ".svg",
    type: "image/svg+xml",
    make: async (exported) => {
      const { toSvg } = await writers();
      return toSvg(targetOf(exported), { values: exported.values });
    },
  },
  {
    id: "png",
    title: "PNG",
    extension: ".png",
    type: "image/png",
    make: async (exported) => {
      const [{ graphPicture }, { paintPicture }] = await Promise.all([
        import("@chainrule/render/picture"),
        import("./paintPicture.ts"),
      ]);
      return paintPicture(graphPicture(targetOf(exported), { values: exported.values }));
    },
  },
  {
    id: "html",
    title: "HTML, a page to explore",
    extension: ".html",
    type: "text/html",
    make: async (exported) => {
      const { toHtml } = await writers();
      return toHtml(targetOf(exported), { values: exported.values });
    },
  },
];

/** A file's name, of letters that every system takes. */
export function fileName({ name }: Exported, { extension }: ExportFormat): string {
  return `${name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80) || "graph"}${extension}`;
}

function targetOf({ program, expr }: Exported): Expr | Program {
  return program ?? expr;
}

function wrtOf(exported: Exported): { readonly wrt?: readonly [Expr] } {
  const variable = variableNamed(exported.expr, exported.wrt);
  return variable === undefined ? {} : { wrt: [variable] };
}
