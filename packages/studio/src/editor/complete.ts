import { textFunctions } from "@chainrule/core/parse";
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";

/** Functions of numbers that people look for first. */
const FREQUENT: ReadonlySet<string> = new Set([
  ...["sin", "cos", "tan", "exp", "ln", "log", "sqrt", "abs", "tanh", "sigmoid", "relu"],
  ...["max", "min", "softplus", "softmax", "sum", "norm", "pow"],
]);

/** What an editor offers for every function: its name, its arguments, and the brackets written. */
export const functionCompletions: readonly Completion[] = textFunctions.map(({ name, arity }) => ({
  label: name,
  type: "function",
  detail: argumentsText(arity),
  apply: call,
  boost: FREQUENT.has(name) ? 1 : 0,
}));

/** Writes the name with its brackets, where none follow, and goes inside. */
function call(view: EditorView, completion: Completion, from: number, to: number): void {
  const { label } = completion;
  const follows = view.state.sliceDoc(to, to + 1) === "(";
  view.dispatch({
    changes: { from, to, insert: follows ? label : `${label}()` },
    selection: { anchor: from + label.length + 1 },
    annotations: pickedCompletion.of(completion),
    userEvent: "input.complete",
  });
}

/** `(x)`, `(x, y)`, `(x, …)`. */
function argumentsText([least, most]: readonly [number, number]): string {
  const names = ["x", "y", "z", "u"].slice(0, Math.max(1, least));
  return `(${names.join(", ")}${most > names.length ? ", …" : ""})`;
}

/** Functions, and the names that the text has already. */
export function complete(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  if (word.text.length < 2 && !context.explicit) return null;
  const own = namesOf(context.state.doc.toString(), word.text);
  return {
    from: word.from,
    options: [...own.map((label) => ({ label, type: "variable" })), ...functionCompletions],
    validFor: /^[\p{L}\p{N}_]*$/u,
  };
}

/** The longer names of a text, once each, without the one that is being typed. */
export function namesOf(text: string, typed: string): readonly string[] {
  const known = new Set(textFunctions.map(({ name }) => name));
  const found = new Set(text.match(/[\p{L}_][\p{L}\p{N}_]+/gu) ?? []);
  return [...found].filter((name) => name !== typed && !known.has(name)).slice(0, 200);
}
