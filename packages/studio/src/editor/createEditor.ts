import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
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
  /** Takes the keyboard, with what is between two offsets selected. */
  focus(from: number, to: number): void;
  destroy(): void;
}

/** What an editor needs. */
export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  /** Told what was typed, not what `setText` wrote. */
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
  let told = true;
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
        EditorView.domEventHandlers({ beforeinput: replaceSelection }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && told) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      const { doc } = view.state;
      if (doc.toString() === text) return;
      told = false;
      view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
      told = true;
    },
    setMark(mark) {
      const { length } = view.state.doc;
      const marks = mark === undefined ? [] : [diagnostic(mark, length)];
      view.dispatch(setDiagnostics(view.state, marks));
    },
    focus(from, to) {
      view.dispatch({ selection: { anchor: from, head: to } });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

/**
 * Types over a selection by a transaction. Left to itself the browser would keep the looks of the
 * letters replaced by a style attribute, which the content policy forbids with an error.
 */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const { data, inputType, isComposing } = event;
  const { from, to, empty } = view.state.selection.main;
  if (inputType !== "insertText" || data === null || isComposing || empty) return false;
  const insert = (): Transaction =>
    view.state.update(view.state.replaceSelection(data), {
      userEvent: "input.type",
      scrollIntoView: true,
    });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
  event.preventDefault();
  return true;
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
