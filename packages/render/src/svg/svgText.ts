import { escapeXml } from "../text/cleanText.ts";
import { isMeasured, textWidth } from "../text/measure.ts";
import { element } from "./element.ts";

/** Text that takes the room that was measured, whatever font its characters are found in. */
export function svgText(
  text: string,
  size: number,
  attributes: Readonly<Record<string, string | number | undefined>>,
): string {
  const fit = isMeasured(text)
    ? {}
    : { textLength: textWidth(text, size), lengthAdjust: "spacingAndGlyphs" };
  return element("text", { ...attributes, ...fit }, escapeXml(text));
}
