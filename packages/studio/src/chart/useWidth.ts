import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The width of an element in pixels, kept as it changes; `guess` until it is known. */
export function useWidth<E extends Element>(guess: number): readonly [RefObject<E | null>, number] {
  const place = useRef<E | null>(null);
  const [width, setWidth] = useState(guess);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = (): void => setWidth(Math.max(1, Math.round(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
