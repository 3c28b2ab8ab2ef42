import type { ComponentChildren, JSX } from "preact";

/** What a button takes; `label` names one that shows only a sign. */
export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly label?: string | undefined;
  readonly kind?: "plain" | "primary" | "quiet" | undefined;
  readonly disabled?: boolean | undefined;
  /** Whether it does nothing for now but keeps the keyboard, which a disabled one loses. */
  readonly idle?: boolean | undefined;
  /** Makes it a button that is either pressed or not. */
  readonly pressed?: boolean | undefined;
  readonly title?: string | undefined;
}

/** A button. */
export function Button(props: ButtonProps): JSX.Element {
  const { children, onClick, label, kind = "plain", disabled, idle, pressed, title } = props;
  return (
    <button
      type="button"
      class={`button ${kind}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={idle ? true : undefined}
      disabled={disabled}
      title={title ?? label}
      onClick={idle ? undefined : onClick}
    >
      {children}
    </button>
  );
}
