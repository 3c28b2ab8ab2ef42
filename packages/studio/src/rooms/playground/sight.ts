import type { Signal } from "@preact/signals";
import type { FeatureId } from "../../training/features.ts";

/** What the eye or the keyboard is on: a feature, or one of the `of` units of a column; with its name. */
export type Sight = { readonly name: string } & (
  | { readonly feature: FeatureId }
  | { readonly column: number; readonly unit: number; readonly of: number }
);

/** What a button listens to. */
interface SightHandlers {
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
  readonly onFocus: (event: { readonly currentTarget: Element }) => void;
  readonly onBlur: () => void;
}

/** Handlers of a button that is in sight while a pointer or the keyboard is on it. */
export function sightHandlers(sight: Signal<Sight | undefined>, of: Sight): SightHandlers {
  const come = (): void => {
    sight.value = of;
  };
  const leave = (): void => {
    sight.value = undefined;
  };
  return {
    onPointerEnter: come,
    onPointerLeave: leave,
    // A click leaves the focus behind; only where the keyboard is does one look.
    onFocus: (event) => {
      if (event.currentTarget.matches(":focus-visible")) come();
    },
    onBlur: leave,
  };
}
