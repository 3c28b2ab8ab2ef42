import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, tooltips } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { complete } from "./complete.ts";
import { editorTheme } from "./editorTheme.ts";
import { expressionLanguage } from "./language.ts";

/** What is wrong with the text, and where. */
export interface Mark {
  readonly message: string;
  readonly offset: number;
}

/** An editor of expressions in its place. */
export interface ExpressionEditor {
  setText(text: string): void;
  setMark(mark: Mark | undefined): void;
  destroy(): void;
}

/** What an editor needs. */
export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
}

const highlight = HighlightStyle.define([
  { tag: tags.number, color: "var(--path3)" },
  { tag: tags.function(tags.variableName), color: "var(--path2)" },
  { tag: tags.constant(tags.variableName), color: "var(--path4)" },
  { tag: tags.definition(tags.variableName), color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.operator, tags.bracket, tags.separator], color: "var(--quiet)" },
]);

/**
 * CodeMirror in a shadow tree of its own: there its style sheets are constructed ones, which a strict
 * content policy allows, where it forbids style elements.
 */
export function createEditor(host: HTMLElement, options: EditorOptions): ExpressionEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [complete], icons: false }),
        expressionLanguage,
        syntaxHighlighting(highlight),
        editorTheme,
        EditorView.lineWrapping,
        tooltips({ position: "absolute" }),
        // Tab goes on to the next field, as everywhere on a page.
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.contentAttributes.of({
          "aria-label": options.label,
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      const { doc } = view.state;
      if (doc.toString() === text) return;
      view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
    },
    setMark(mark) {
      const { length } = view.state.doc;
      const marks = mark === undefined ? [] : [diagnostic(mark, length)];
      view.dispatch(setDiagnostics(view.state, marks));
    },
    destroy: () => view.destroy(),
  };
}

/** One letter is marked; at the end of the text the last one. */
function diagnostic(
  { message, offset }: Mark,
  length: number,
): {
  from: number;
  to: number;
  severity: "error";
  message: string;
} {
  const from = Math.max(0, Math.min(offset, length - 1));
  return { from, to: Math.min(length, from + 1), severity: "error", message };
}
