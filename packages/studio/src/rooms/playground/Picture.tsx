import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { theme } from "../../design/theme.ts";
import { type Palette, palette } from "./paint.ts";

/** What a picture takes. */
export interface PictureProps {
  readonly draw: (canvas: HTMLCanvasElement, colours: Palette) => void;
  /** What is seen, for those who hear it; a picture without is decoration. */
  readonly label?: string | undefined;
  /** Pixels a side before it is drawn. */
  readonly side: number;
  readonly class?: string | undefined;
}

/** A square canvas in the page's colours, drawn again when its drawing or the colours change. */
export function Picture({ draw, label, side, class: name }: PictureProps): JSX.Element {
  const place = useRef<HTMLCanvasElement>(null);
  const colours = theme.value;
  useLayoutEffect(() => {
    if (place.current !== null) draw(place.current, palette());
  }, [draw, colours, side]);
  // Without a label it is decoration.
  const heard =
    label === undefined
      ? { role: "presentation" as const }
      : { role: "img" as const, "aria-label": label };
  return <canvas ref={place} class={name} width={side} height={side} {...heard} />;
}
