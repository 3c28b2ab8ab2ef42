import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { whenIdle } from "../design/whenIdle.ts";
import type { ExpressionEditor } from "./createEditor.ts";
import "./editor.css";

/** Milliseconds that a page may stay busy before the editor comes all the same. */
const LATEST = 1000;

/** What an editor of expressions takes. */
export interface EditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** What is wrong with the text, and where; the sentence stands below. */
  readonly problem: { readonly message: string; readonly offset: number | undefined } | undefined;
  /** Whether it may come: what is more urgent on the page is done. */
  readonly needed: boolean;
}

/** An editor with colours, completion and the place of what is wrong; a plain field until it has come. */
export function Editor({ label, text, onChange, problem, needed }: EditorProps): JSX.Element {
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<ExpressionEditor | undefined>(undefined);
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<readonly [number, number]>(undefined);
  const [ready, setReady] = useState(false);
  const wanted = useRef(needed);
  wanted.current ||= needed;
  const latest = useRef({ text, onChange });
  latest.current = { text, onChange };
  // What was typed comes back as `text`, a render later; written again, it would undo what was typed since.
  const typed = useRef<string[]>([]);
  useEffect(() => {
    if (!wanted.current) return;
    let left = false;
    const come = async (): Promise<void> => {
      const { createEditor } = await import("./createEditor.ts");
      if (left || host.current === null) return;
      editor.current = createEditor(host.current, {
        text: latest.current.text,
        label,
        onChange: (now) => {
          typed.current.push(now);
          latest.current.onChange(now);
        },
      });
      const { current } = field;
      if (current !== null && current === document.activeElement) {
        caret.current = [current.selectionStart, current.selectionEnd];
      }
      setReady(true);
    };
    const callOff = whenIdle(come, LATEST);
    return () => {
      left = true;
      callOff();
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, [wanted.current]);
  useLayoutEffect(() => {
    // Who was typing goes on at the same place.
    if (ready && caret.current !== undefined) editor.current?.focus(...caret.current);
  }, [ready]);
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
          ref={field}
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
