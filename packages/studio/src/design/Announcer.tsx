import type { JSX } from "preact";

/** Says its text to screen readers when it changes; nothing is seen. */
export function Announcer({ text }: { readonly text: string }): JSX.Element {
  return (
    <div class="hidden-text" role="status" aria-live="polite" aria-atomic="true">
      {text}
    </div>
  );
}
