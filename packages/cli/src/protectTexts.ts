/** Marks a text that begins with a sign, so that it is not read as an option. */
const MARK = "\u0000";

/** The options of one letter; `-x` of any other letter is an expression. */
const LETTERS = new Set(["h", "o", "V"]);

/** `-x^2` is an expression, `-o` and `--wrt` are options; after `--` everything is text. */
export function protectTexts(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, i) => {
    if (end >= 0 && i >= end) return arg;
    if (!arg.startsWith("-") || arg === "-" || arg.startsWith("--")) return arg;
    const option = LETTERS.has(arg[1] ?? "") && (arg.length === 2 || arg[1] === "o");
    return option ? arg : MARK + arg;
  });
}

/** The text as it was typed. */
export function unprotect(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}
