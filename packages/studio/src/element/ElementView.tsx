import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Attributes, ChainRuleChange } from "./ChainRuleElement.ts";
import { ElementGraph } from "./ElementGraph.tsx";
import { readExpression, readSettings } from "./settings.ts";
import { Wrong } from "./Wrong.tsx";

/** What the inside of an element takes. */
export interface ElementViewProps {
  readonly attributes: Attributes;
  readonly colours: Signal<"light" | "dark">;
  /** The element, which hears the keys that walk. */
  readonly keys: EventTarget;
  readonly onChange: (change: ChainRuleChange) => void;
}

/** The inside of an element: its graph, or what is wrong with its attributes. */
export function ElementView({
  attributes,
  colours,
  keys,
  onChange,
}: ElementViewProps): JSX.Element {
  const expr = attributes.expr.value;
  const texts = {
    values: attributes.values.value,
    wrt: attributes.wrt.value,
    step: attributes.step.value,
    view: attributes.view.value,
  };
  const read = useMemo(() => readExpression(expr), [expr]);
  const settings = useMemo(
    () => ("reading" in read ? readSettings(read.reading, texts) : undefined),
    [read, ...Object.values(texts)],
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: it keeps keys from the page around; a fieldset holds what is filled in.
    <div
      class="element colours"
      data-theme={colours.value}
      role="group"
      aria-label={`Chain rule of ${expr}`}
      onKeyDown={keepFromPage}
    >
      {"problem" in read ? (
        <Wrong message={`expr: ${read.problem.message}`} text={expr} at={read.problem.offset} />
      ) : settings === undefined || "problem" in settings ? (
        <Wrong message={settings?.problem ?? ""} />
      ) : (
        <ElementGraph settings={settings.settings} keys={keys} onChange={onChange} />
      )}
    </div>
  );
}

/** Slides around must not turn while someone types a number. */
function keepFromPage(event: KeyboardEvent): void {
  if (event.target instanceof Element && event.target.matches("input, select")) {
    event.stopPropagation();
  }
}
