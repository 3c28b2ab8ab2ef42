/** Methods that look into a text: what was joined from many parts is copied for them. */
const READERS = [
  ...["at", "charAt", "charCodeAt", "codePointAt", "endsWith", "includes", "indexOf"],
  ...["lastIndexOf", "match", "matchAll", "normalize", "padEnd", "padStart", "replace"],
  ...["replaceAll", "search", "slice", "split", "startsWith", "substring", "trim", "trimEnd"],
  ...["trimStart", "toLowerCase", "toUpperCase"],
] as const;

/**
 * Letters of all texts that `work` looked into, joined or searched by an expression: the work with
 * texts, which is done inside of the engine, where steps are not counted.
 */
export function countLetters(work: () => void): number {
  let letters = 0;
  const undo: (() => void)[] = [];
  const watch = (
    owner: object,
    name: string,
    lengthOf: (self: unknown, first: unknown) => number,
  ) => {
    const before = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
    const original = before.value as (...args: unknown[]) => unknown;
    const value = function (this: unknown, ...args: unknown[]): unknown {
      letters += lengthOf(this, args[0]);
      return original.apply(this, args);
    };
    Object.defineProperty(owner, name, { ...before, value });
    undo.push(() => Object.defineProperty(owner, name, before));
  };
  for (const name of READERS) watch(String.prototype, name, (self) => String(self).length);
  for (const name of ["test", "exec"]) {
    watch(RegExp.prototype, name, (_self, text) => (typeof text === "string" ? text.length : 0));
  }
  watch(Array.prototype, "join", (self) => {
    let length = 0;
    for (const one of self as readonly unknown[]) if (typeof one === "string") length += one.length;
    return length;
  });
  try {
    work();
  } finally {
    for (const back of undo) back();
  }
  return letters;
}
