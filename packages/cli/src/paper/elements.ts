/** An element of a vector that is written as text, and where it begins there. */
export interface Element {
  readonly text: string;
  readonly start: number;
}

/** What a vector of a formula holds: `(2x, 3)`, `[2x, 3]`, a column, a row, or one transposed. */
export function elementsOf(text: string): readonly Element[] {
  let whole: Element = { text, start: 0 };
  for (let inner = inside(whole); inner !== undefined; inner = inside(whole)) whole = inner;
  return split(whole);
}

/** What brackets hold that are around the whole. */
function inside({ text, start }: Element): Element | undefined {
  const left = /^\s*(?:transpose)?[([]\s*/.exec(text)?.[0];
  const right = /\s*[)\]]\s*$/.exec(text)?.[0];
  if (left === undefined || right === undefined) return undefined;
  const inner = text.slice(left.length, text.length - right.length);
  return isClosed(inner) ? { text: inner, start: start + left.length } : undefined;
}

/** Whether each bracket is closed by its own. */
function isClosed(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if ("([".includes(sign)) depth++;
    else if (")]".includes(sign) && --depth < 0) return false;
  }
  return depth === 0;
}

function split({ text, start }: Element): readonly Element[] {
  const out: Element[] = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    const sign = text[i] ?? ",";
    if ("([".includes(sign)) depth++;
    else if (")]".includes(sign)) depth--;
    else if (sign === "," && depth === 0) {
      const piece = text.slice(from, i);
      const gap = /^\s*/.exec(piece)?.[0].length ?? 0;
      out.push({ text: piece.trim(), start: start + from + gap });
      from = i + 1;
    }
  }
  return out;
}
