import type { Expr, Scalar } from "../expr.ts";
import type { Named, Program } from "../program.ts";
import type { FunctionName } from "./functionNames.ts";
import type { Names } from "./scanTypes.ts";

/** What `parse` gives for a text: with its names, where the text is a short literal. */
export type Parsed<T extends string, V extends Named, F extends string> =
  IsReadable<T> extends true
    ? ProgramOf<Statements<Uncommented<T>>, keyof V & string, F, ValueOf<T, V>>
    : Program & { readonly result: Expr };

type ProgramOf<S extends Summary, V extends string, F extends string, X extends Expr> = Program<
  { readonly [N in VariablesOf<S, V, F>]: X },
  { readonly [N in S["defined"] | S["last"]]: X }
> & { readonly result: X };

/** Without brackets and given arrays there are only scalars. */
type ValueOf<T extends string, V extends Named> = T extends `${string}[${string}`
  ? Expr
  : V[keyof V] extends Scalar
    ? Scalar
    : Expr;

/** Other than short literals without quotes, texts are not read by the type checker. */
type IsReadable<T extends string> =
  Record<never, never> extends Record<T, 1>
    ? false
    : T extends `${string}"${string}`
      ? false
      : IsShort<T>;

/** At most 1600 characters, counted by sixteen: the checker gives up after 1000 steps. */
type IsShort<T extends string, Count extends 1[] = []> = Count["length"] extends 100
  ? false
  : T extends `${infer _0}${infer _1}${infer _2}${infer _3}${infer _4}${infer _5}${infer _6}${infer _7}${infer _8}${infer _9}${infer _10}${infer _11}${infer _12}${infer _13}${infer _14}${infer _15}${infer Rest}`
    ? IsShort<Rest, [...Count, 1]>
    : true;

/** What was found in the statements read so far; unions of names. */
interface Summary {
  /** Definitions, `d = 2b`. */
  readonly defined: string;
  /** Variables with a value or a shape. */
  readonly declared: string;
  /** Named axes. */
  readonly sizes: string;
  /** Functions with a body. */
  readonly functions: string;
  /** Names in expressions. */
  readonly used: string;
  /** The function whose definition is the last statement, and its parameters. */
  readonly last: string;
  readonly parameters: string;
}

interface Nothing {
  readonly defined: never;
  readonly declared: never;
  readonly sizes: never;
  readonly functions: never;
  readonly used: never;
  readonly last: never;
  readonly parameters: never;
}

type Uncommented<T extends string> = T extends `${infer Before}#${infer Comment}`
  ? Comment extends `${string}\n${infer After}`
    ? Uncommented<`${Before}\n${After}`>
    : Before
  : T;

/** Statements one by one; a semicolon between brackets does not end one. */
type Statements<T extends string, S extends Summary = Nothing> = T extends `${infer A}\n${infer B}`
  ? Statements<B, Line<A, S>>
  : Line<T, S>;

type Line<T extends string, S extends Summary> = T extends `${infer A};${infer B}`
  ? IsOpen<A> extends true
    ? B extends `${infer C};${infer D}`
      ? Line<`${A},${C};${D}`, S>
      : Statement<`${A},${B}`, S>
    : Line<B, Statement<A, S>>
  : Statement<T, S>;

type IsOpen<T extends string> = T extends `${string}[${infer Rest}`
  ? Rest extends `${string}]${string}`
    ? false
    : true
  : false;

type Blank = " " | "\t" | "\r" | "\u00A0";

type Trim<T extends string> = T extends `${Blank}${infer R}`
  ? Trim<R>
  : T extends `${infer R}${Blank}`
    ? Trim<R>
    : T;

type Statement<T extends string, S extends Summary> =
  Trim<T> extends ""
    ? S
    : Trim<T> extends `${infer Left}=${infer Right}`
      ? Assignment<Trim<Left>, Trim<Right>, Trim<T>, S>
      : Trim<T> extends `${infer Left}:${infer Right}`
        ? Trim<Right> extends `[${string}`
          ? IsName<Trim<Left>> extends true
            ? Shaped<Names<Left>, Names<Right>, S>
            : Expression<Trim<T>, S>
          : Expression<Trim<T>, S>
        : Expression<Trim<T>, S>;

type Assignment<
  Left extends string,
  Right extends string,
  T extends string,
  S extends Summary,
> = Right extends `=${string}`
  ? Expression<T, S>
  : IsName<Left> extends true
    ? IsNumber<Right> extends true
      ? Declared<Names<Left>, S>
      : Defined<Names<Left>, Names<Right>, S>
    : Left extends `${infer Name}(${infer Parameters})`
      ? IsName<Trim<Name>> extends true
        ? Function<Names<Name>, Names<Parameters>, Names<Right>, S>
        : Expression<T, S>
      : Expression<T, S>;

/** Signs that no name contains. */
type Sign = "<" | ">" | "!" | "(" | ")" | "[" | "]" | "+" | "-" | "*" | "/" | "^" | "?" | "|" | ",";

type IsName<T extends string> = T extends `${string}${Sign}${string}` ? false : true;

/** A number, or a list of numbers. */
type IsNumber<T extends string> = T extends `${number}`
  ? true
  : T extends `-${infer N}` | `−${infer N}` | `+${infer N}`
    ? Trim<N> extends `${number}`
      ? true
      : false
    : T extends `[${infer Inside}]`
      ? [Names<Inside>] extends [never]
        ? Inside extends `${string}${"+" | "*" | "/" | "^" | "(" | "|" | "<" | ">"}${string}`
          ? false
          : true
        : false
      : false;

interface Declared<N extends string, S extends Summary> extends Summary {
  readonly defined: S["defined"];
  readonly declared: S["declared"] | N;
  readonly sizes: S["sizes"];
  readonly functions: S["functions"];
  readonly used: S["used"];
  readonly last: S["last"];
  readonly parameters: S["parameters"];
}

/** Names of axes stand for their lengths. */
interface Shaped<N extends string, D extends string, S extends Summary> extends Summary {
  readonly defined: S["defined"];
  readonly declared: S["declared"] | N;
  readonly sizes: S["sizes"] | D;
  readonly functions: S["functions"];
  readonly used: S["used"];
  readonly last: S["last"];
  readonly parameters: S["parameters"];
}

interface Defined<N extends string, U extends string, S extends Summary> extends Summary {
  readonly defined: S["defined"] | N;
  readonly declared: S["declared"];
  readonly sizes: S["sizes"];
  readonly functions: S["functions"];
  readonly used: S["used"] | U;
  readonly last: never;
  readonly parameters: never;
}

interface Function<N extends string, P extends string, U extends string, S extends Summary>
  extends Summary {
  readonly defined: S["defined"];
  readonly declared: S["declared"];
  readonly sizes: S["sizes"];
  readonly functions: S["functions"] | N;
  readonly used: S["used"] | Exclude<U, P>;
  readonly last: N;
  readonly parameters: P;
}

type Expression<T extends string, S extends Summary> = Defined<never, Names<T>, S>;

type ConstantName =
  | "e"
  | "pi"
  | "π"
  | "tau"
  | "Infinity"
  | "NaN"
  | "true"
  | "false"
  | "and"
  | "or"
  | "xor"
  | "not"
  | "mod"
  | "end";

type VariablesOf<S extends Summary, V extends string, F extends string> =
  | S["declared"]
  | Unprimed<
      Exclude<
        S["used"] | S["parameters"],
        | S["defined"]
        | S["declared"]
        | S["sizes"]
        | S["functions"]
        | V
        | F
        | FunctionName
        | ConstantName
      >,
      S["defined"] | S["declared"] | S["functions"] | V | F
    >;

/** `x'` of a known x is no name but its transpose, `f'` a derivative. */
type Unprimed<N extends string, Known extends string> = N extends `${infer Base}'`
  ? WithoutPrimes<Base> extends Known
    ? never
    : N
  : N;

type WithoutPrimes<N extends string> = N extends `${infer Base}'` ? WithoutPrimes<Base> : N;
