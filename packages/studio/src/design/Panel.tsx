import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** What a panel takes. */
export interface PanelProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Buttons beside the title. */
  readonly actions?: ComponentChildren;
  /** For the room's own layout. */
  readonly class?: string | undefined;
}

/** A part of a room under its title. */
export function Panel({ title, children, actions, class: name = "" }: PanelProps): JSX.Element {
  const id = useId();
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
