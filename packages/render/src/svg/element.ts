import { coordinate } from "../number/coordinate.ts";
import { escapeXml } from "../text/cleanText.ts";

/** Attributes of an element; those undefined are left out. */
export type ElementAttributes = Readonly<Record<string, string | number | undefined>>;

/** An XML element; attributes are escaped, children are markup already. */
export function element(
  name: string,
  attributes: ElementAttributes,
  children: string | undefined = undefined,
): string {
  let open = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeXml(value)}"`;
  }
  return children === undefined ? `${open}/>` : `${open}>${children}</${name}>`;
}
