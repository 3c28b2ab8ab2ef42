/** The names in an expression, as a union, each in one spelling: `x_{12}` is `x_12`. */
export type Names<T extends string> = Scan<T, never>;

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

/** Characters that are no part of a name. */
type Sign =
  | Blank
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}"
  | "+"
  | "-"
  | "*"
  | "/"
  | "^"
  | "%"
  | "<"
  | ">"
  | "="
  | "!"
  | "?"
  | ":"
  | ","
  | ";"
  | "|"
  | "."
  | "−"
  | "–"
  | "·"
  | "⋅"
  | "∙"
  | "×"
  | "∗"
  | "⊙"
  | "∘"
  | "÷"
  | "∕"
  | "⁄"
  | "≤"
  | "≥"
  | "≠"
  | "∧"
  | "∨"
  | "¬"
  | "∣"
  | "√"
  | "∛"
  | "ᵀ"
  | "∞"
  | "⁰"
  | "¹"
  | "²"
  | "³"
  | "⁴"
  | "⁵"
  | "⁶"
  | "⁷"
  | "⁸"
  | "⁹"
  | "⁺"
  | "⁻";

type Blank = " " | "\t" | "\n" | "\r" | "\u00A0";

/** A raised letter is a name of its own. */
interface Raised {
  readonly ⁿ: "n";
  readonly ⁱ: "i";
}

interface Lowered {
  readonly "₀": "0";
  readonly "₁": "1";
  readonly "₂": "2";
  readonly "₃": "3";
  readonly "₄": "4";
  readonly "₅": "5";
  readonly "₆": "6";
  readonly "₇": "7";
  readonly "₈": "8";
  readonly "₉": "9";
  readonly ₐ: "a";
  readonly ₑ: "e";
  readonly ₕ: "h";
  readonly ᵢ: "i";
  readonly ⱼ: "j";
  readonly ₖ: "k";
  readonly ₗ: "l";
  readonly ₘ: "m";
  readonly ₙ: "n";
  readonly ₒ: "o";
  readonly ₚ: "p";
  readonly ᵣ: "r";
  readonly ₛ: "s";
  readonly ₜ: "t";
  readonly ᵤ: "u";
  readonly ᵥ: "v";
  readonly ₓ: "x";
}

interface Prime {
  readonly "'": "'";
  readonly "′": "'";
  readonly "’": "'";
  readonly "″": "''";
}

/** Between names. Each of these types ends in another, which the checker follows in a loop. */
type Scan<T extends string, Found extends string> = T extends `${infer C}${infer R}`
  ? C extends Sign | keyof Prime
    ? Scan<R, Found>
    : C extends Digit
      ? InNumber<R, Found>
      : C extends keyof Raised
        ? Scan<R, Found | Raised[C]>
        : InName<R, C, Found>
  : Found;

type InNumber<T extends string, Found extends string> = T extends `${infer C}${infer R}`
  ? C extends Digit | "."
    ? InNumber<R, Found>
    : C extends "e" | "E"
      ? R extends `${Digit}${string}` | `${"+" | "-"}${Digit}${string}`
        ? R extends `${infer _}${infer Rest}`
          ? InNumber<Rest, Found>
          : Found
        : InName<R, C, Found>
      : Scan<T, Found>
  : Found;

type InName<
  T extends string,
  Name extends string,
  Found extends string,
> = T extends `${infer C}${infer R}`
  ? C extends Sign
    ? C extends "{"
      ? InBraces<T, Name, Found>
      : Scan<R, Found | Name>
    : C extends keyof Lowered
      ? Subscript<
          R,
          Name extends `${string}_${string}` ? `${Name}${Lowered[C]}` : `${Name}_${Lowered[C]}`,
          Found
        >
      : C extends keyof Prime
        ? Primes<R, `${Name}${Prime[C]}`, Found>
        : C extends keyof Raised
          ? Scan<T, Found | Name>
          : InName<R, `${Name}${C}`, Found>
  : Found | Name;

type Subscript<
  T extends string,
  Name extends string,
  Found extends string,
> = T extends `${infer C}${infer R}`
  ? C extends keyof Lowered
    ? Subscript<R, `${Name}${Lowered[C]}`, Found>
    : Primes<T, Name, Found>
  : Found | Name;

type Primes<
  T extends string,
  Name extends string,
  Found extends string,
> = T extends `${infer C}${infer R}`
  ? C extends keyof Prime
    ? Primes<R, `${Name}${Prime[C]}`, Found>
    : Scan<T, Found | Name>
  : Found | Name;

/** `x_{12}`, `w_{i,j}` */
type InBraces<
  T extends string,
  Name extends string,
  Found extends string,
> = T extends `{${infer Inside}}${infer R}`
  ? Primes<R, `${Name}${Joined<Inside>}`, Found>
  : Found | Name;

type Joined<T extends string> = T extends `${Blank | ","}${infer R}`
  ? Joined<R>
  : T extends `${infer R}${Blank | ","}`
    ? Joined<R>
    : T extends `${infer A}${Blank | ","}${infer B}`
      ? `${A}_${Joined<B>}`
      : T;
