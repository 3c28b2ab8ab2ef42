import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "./scroller.css";

/** What a scroller takes. */
export interface ScrollerProps {
  /** What it holds, for those who hear it. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Holds what may be wider than the page; a stop of the keyboard only while there is something to scroll. */
export function Scroller({ label, children }: ScrollerProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    let stop: boolean | undefined;
    // What goes on beyond an edge fades there.
    const fade = (): void => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      element.classList.toggle("more-left", scrollLeft > 1);
      element.classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 1);
    };
    const measure = (): void => {
      fade();
      const wide = element.scrollWidth > element.clientWidth + 1;
      if (wide === stop) return;
      stop = wide;
      const kept = wide ? { role: "group", "aria-label": label, tabindex: "0" } : {};
      for (const name of ["role", "aria-label", "tabindex"]) element.removeAttribute(name);
      for (const [name, value] of Object.entries(kept)) element.setAttribute(name, value);
    };
    // It tells the sizes at once, after the page has laid itself out: asked before, it would have to do so twice.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener("scroll", fade, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", fade);
    };
  }, [label]);
  return (
    <div class="scroller" ref={place}>
      {children}
    </div>
  );
}
