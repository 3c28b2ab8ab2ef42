import { SaxesParser } from "saxes";
import { textWidth } from "../../../packages/render/src/text/measure.ts";

/** An element of an SVG as an independent XML reader finds it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** All elements in order. Throws where the text is not well-formed. */
export function readXml(svg: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(svg).close();
  return elements;
}

/** Boxes of all texts and the size of the page. */
export function textBoxes(svg: string) {
  const elements = readXml(svg);
  const box = elements[0]?.attributes["viewBox"]?.split(" ").map(Number) ?? [];
  const boxes = elements
    .filter(({ name }) => name === "text")
    .map(({ text, attributes }) => {
      const size = Number(attributes["font-size"]);
      const width = textWidth(text, size);
      const anchor = attributes["text-anchor"];
      const [x, y] = [Number(attributes["x"]), Number(attributes["y"])];
      const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
      // Digits and capitals: from the line of writing to 0.73 of the size above.
      return { text, left, right: left + width, top: y - 0.75 * size, bottom: y + 0.1 * size };
    });
  return { boxes, page: { width: box[2] ?? 0, height: box[3] ?? 0 } };
}
