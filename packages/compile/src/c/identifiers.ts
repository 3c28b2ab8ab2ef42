/** Words that C99, C11, C++20 or their headers have taken, and macros that compilers define without being asked. */
const reserved = new Set(
  [
    "auto break case char const continue default do double else enum extern float for goto if inline",
    "int long register restrict return short signed sizeof static struct switch typedef union",
    "unsigned void volatile while asm typeof alignas alignof atomic_cancel bool catch char8_t",
    "char16_t char32_t class compl concept consteval constexpr constinit const_cast co_await",
    "co_return co_yield decltype delete dynamic_cast explicit export false friend mutable namespace",
    "new noexcept not not_eq nullptr operator or or_eq private protected public reflexpr",
    "reinterpret_cast requires static_assert static_cast synchronized template this thread_local",
    "throw true try typeid typename using virtual wchar_t xor xor_eq and and_eq bitand bitor",
    "linux unix i386 complex imaginary noreturn errno stdin stdout stderr assert offsetof signbit",
    "isnan isinf isfinite isnormal fpclassify isgreater isless isunordered",
  ].flatMap((line) => line.split(" ")),
);

/** Macros of headers: all of them are written in capitals. */
const capitals = /^[A-Z][A-Z0-9_]*$/;

/** Macros in capitals have at least this many letters; shorter ones are `I` of complex.h. */
const SHORTEST_MACRO = 3;

/** Names of C, each given once. */
export class Identifiers {
  readonly #taken = new Set<string>();

  /** A valid identifier like the text, told apart from those given before. */
  of(text: string): string {
    // Neither a leading underscore nor two in a row, which C++ keeps for itself.
    let name = text
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9]+/g, "_")
      .replace(/_$/, "");
    if (!/^[A-Za-z]/.test(name)) name = `x${name}`;
    // 31 characters are what C99 tells apart in names that linkers see; most compilers take more.
    name = name.slice(0, 60);
    const macro = (capitals.test(name) && name.length >= SHORTEST_MACRO) || name === "I";
    if (reserved.has(name) || macro) name = `${name}_`;
    let unique = name;
    for (let i = 2; this.#taken.has(unique); i++) unique = `${name.replace(/_$/, "")}_${i}`;
    this.#taken.add(unique);
    return unique;
  }
}

/** Text inside of a comment: on one line, and unable to end it. */
export function commentText(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replaceAll("??/", "? ?/")
    .replace(/\\$/, "\\ ");
}
