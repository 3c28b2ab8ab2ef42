import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

/** What a disclosure takes. */
export interface DisclosureProps {
  readonly title: string;
  /** Makes what is inside, when it is first asked for: hundreds of formulas take a while. */
  readonly children: () => ComponentChildren;
}

/** What is in sight once it is asked for, and not made before. */
export function Disclosure({ title, children }: DisclosureProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open ? children() : undefined}
    </details>
  );
}
