/** What no drawing shows: controls, marks that turn the direction of writing, broken halves. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Nothing to do, as for most names of a graph of a million nodes. */
const PLAIN = /^[ -~]*$/;

/** Text in one line of characters that every format may hold; line breaks become spaces. */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(/[\t\n\r]+/g, " ").replace(UNPRINTABLE, "\ufffd");
}

/** At most so many characters, the last an ellipsis where something is missing. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  // A character has at most two units: what is beyond them needs no look.
  const characters = [...text.slice(0, 2 * most + 2)];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const HARMLESS = /^[ !#%(-;=?-~]*$/;

/** Text for XML and HTML, between tags and in quoted attributes. */
export function escapeXml(text: string): string {
  if (HARMLESS.test(text)) return text;
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
