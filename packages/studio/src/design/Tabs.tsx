import type { ComponentChildren, JSX } from "preact";
import { useId, useRef } from "preact/hooks";

/** What tabs take: the panel of the chosen one is their child. */
export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly tabs: readonly (readonly [Id, string])[];
  readonly onChange: (id: Id) => void;
  readonly children: ComponentChildren;
}

/** Tabs and the panel of the chosen one; arrow keys go from tab to tab. */
export function Tabs<Id extends string>(props: TabsProps<Id>): JSX.Element {
  const { label, value, tabs, onChange, children } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const go = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(([one]) => one === value);
    const to = target(event.key, at, tabs.length);
    const next = to === undefined ? undefined : tabs[to];
    if (to === undefined || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(next[0]);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={go}>
        {tabs.map(([one, title]) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`${id}-${one}`}
            aria-selected={one === value}
            aria-controls={`${id}-panel`}
            tabIndex={one === value ? 0 : -1}
            onClick={() => onChange(one)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}

function target(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowLeft") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}
