import type { JSX } from "preact";

const shapes = {
  first: "M6 5v14M18 6 9 12l9 6Z",
  back: "M16 6 7 12l9 6Z",
  play: "M8 5.5v13L19 12Z",
  pause: "M8 6v12M16 6v12",
  on: "M8 6l9 6-9 6Z",
  last: "M18 5v14M6 6l9 6-9 6Z",
} as const;

/** The sign of a button that walks; the button itself bears the words. */
export function StepIcon({ name }: { readonly name: keyof typeof shapes }): JSX.Element {
  return (
    <svg class="step-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
