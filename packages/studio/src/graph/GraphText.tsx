import type { PictureText } from "@chainrule/render/picture";
import type { JSX } from "preact";

/** A line of text of a drawing, fitted into the room it was measured to take where widths are not known. */
export function GraphText({ text }: { readonly text: PictureText }): JSX.Element {
  const fit = text.fit === undefined ? {} : { textLength: text.fit, lengthAdjust: FIT };
  return (
    <text
      class={text.role}
      x={text.x}
      y={text.y}
      font-size={text.size}
      text-anchor={text.anchor}
      {...fit}
    >
      {text.text}
    </text>
  );
}

const FIT = "spacingAndGlyphs";
