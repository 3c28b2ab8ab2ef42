/**
 * MathML as elements of this page. Only what the setter writes comes through: MathML elements, their
 * attributes, and styles one by one, since a strict policy forbids `style` attributes, even while they
 * are parsed.
 */
export function copyMathml(mathml: string): Element {
  const named = mathml.replace(/<[^<>]*>/g, (tag) => tag.replace(/ style=/g, ` ${STYLE}=`));
  const source = new DOMParser().parseFromString(named, "application/xml").documentElement;
  const target = emptyCopy(source);
  const open: [Element, Element][] = [[source, target]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, to] = next;
    for (const child of from.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) to.append(child.nodeValue ?? "");
      if (!(child instanceof Element)) continue;
      const copy = emptyCopy(child);
      to.append(copy);
      open.push([child, copy]);
    }
  }
  return target;
}

/** What a `style` attribute is called while it is no style yet. */
const STYLE = "data-style";

const MATHML = "http://www.w3.org/1998/Math/MathML";

function emptyCopy(from: Element): MathMLElement {
  const name = /^(?:m[a-z]+|annotation|semantics)$/.test(from.localName) ? from.localName : "mtext";
  const to = document.createElementNS(MATHML, name) as MathMLElement;
  for (const { name: key, value } of from.attributes) {
    if (key === STYLE) setStyles(to, value);
    else if (!/^(?:xmlns|on|href|src)/i.test(key)) to.setAttribute(key, value);
  }
  return to;
}

function setStyles(to: MathMLElement, text: string): void {
  for (const rule of text.split(";")) {
    const [property = "", value = ""] = rule.split(":");
    if (value !== "") to.style.setProperty(property.trim(), value.trim());
  }
}
