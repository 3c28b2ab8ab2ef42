import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { ExpressionEditor } from "./createEditor.ts";
import "./editor.css";

/** What an editor of expressions takes. */
export interface EditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** What is wrong with the text, and where; the sentence stands below. */
  readonly problem: { readonly message: string; readonly offset: number | undefined } | undefined;
}

/** An editor with colours, completion and the place of what is wrong; a plain field until it has come. */
export function Editor({ label, text, onChange, problem }: EditorProps): JSX.Element {
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<ExpressionEditor | undefined>(undefined);
  const [ready, setReady] = useState(false);
  const latest = useRef({ text, onChange });
  latest.current = { text, onChange };
  // What was typed comes back as `text`, a render later; written again, it would undo what was typed since.
  const typed = useRef<string[]>([]);
  useEffect(() => {
    let left = false;
    import("./createEditor.ts").then(({ createEditor }) => {
      if (left || host.current === null) return;
      editor.current = createEditor(host.current, {
        text: latest.current.text,
        label,
        onChange: (now) => {
          typed.current.push(now);
          latest.current.onChange(now);
        },
      });
      setReady(true);
    });
    return () => {
      left = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, []);
  useEffect(() => {
    const own = typed.current.indexOf(text);
    typed.current.splice(0, own + 1);
    if (own < 0) editor.current?.setText(text);
  }, [text]);
  useEffect(() => {
    const { message, offset } = problem ?? {};
    const known = message !== undefined && offset !== undefined;
    editor.current?.setMark(known ? { message, offset } : undefined);
  }, [ready, problem?.message, problem?.offset]);
  return (
    <div class="editor">
      {ready ? undefined : (
        <textarea
          class="input"
          aria-label={label}
          rows={Math.min(8, text.split("\n").length)}
          spellcheck={false}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <div ref={host} hidden={!ready} />
      <p class="problem" id={id} role="status">
        {problem === undefined ? "" : placed(problem.message, problem.offset, text)}
      </p>
    </div>
  );
}

/** `line 1, column 9: …`, where the place is known. */
function placed(message: string, offset: number | undefined, text: string): string {
  if (offset === undefined) return message;
  const before = text.slice(0, offset).split("\n");
  const column = [...(before.at(-1) ?? "")].length + 1;
  return `line ${before.length}, column ${column}: ${message}`;
}
