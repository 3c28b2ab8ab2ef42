import type { JSX } from "preact";

/** What is wrong, and a caret under the place. */
export function Wrong(props: {
  readonly message: string;
  readonly text?: string;
  readonly at?: number | undefined;
}): JSX.Element {
  const { message, text = "", at } = props;
  const start = at === undefined ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(start).split("\n", 1)[0] ?? "";
  return (
    <div class="note" role="alert">
      <p>{message}</p>
      {at === undefined || line === "" ? undefined : (
        <pre class="problem-text">{`${line}\n${" ".repeat(at - start)}^`}</pre>
      )}
    </div>
  );
}
