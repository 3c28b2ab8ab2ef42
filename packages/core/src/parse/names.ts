import { constants } from "./constants.ts";
import type { Names } from "./expressionReader.ts";
import { ParseError } from "./parseError.ts";
import type { Statement, StatementKind } from "./statements.ts";
import { nearest } from "./suggest.ts";
import type { Token } from "./tokenize.ts";

/** Greek letters by name: before a parenthesis they count as single letters. */
const greek =
  "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega";

/** One letter, with digits or a subscript: `c`, `w5`, `x_12`, `h_out`, `w5'`, but not `sum`. */
const singleLetter: RegExp = new RegExp(`^(?:\\p{L}\\p{M}*|${greek})(?:\\d+|_.*)?'*$`, "iu");

/** The name without its primes. */
export function withoutPrimes(name: string): string {
  return name.replace(/'+$/, "");
}

/** Names that have a meaning before the text is read. */
export interface KnownNames {
  /** Variables given by the caller. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Functions without a body. */
  readonly functions: readonly string[];
  readonly builtin: readonly string[];
}

/** What the names of a text stand for, as far as reading its expressions needs to know. */
export class TextNames implements Names {
  /** First statement of each kind by the name it defines or declares. */
  readonly definitions: ReadonlyMap<string, Statement>;
  readonly functions: ReadonlyMap<string, Statement>;
  readonly shapes: ReadonlyMap<string, Statement>;
  /** Parameters of the function whose body is read. */
  parameters: ReadonlySet<string> = new Set();
  readonly #text: string;
  readonly #known: KnownNames;
  readonly #builtin: ReadonlySet<string>;
  /** Names that occur without a parenthesis behind. */
  readonly #bare: ReadonlySet<string>;

  constructor(
    text: string,
    tokens: readonly Token[],
    statements: readonly Statement[],
    known: KnownNames,
  ) {
    this.#text = text;
    this.#known = known;
    this.#builtin = new Set(known.builtin);
    const collect = (kind: StatementKind): ReadonlyMap<string, Statement> =>
      definitionsOf(kind, text, tokens, statements);
    this.definitions = collect("definition");
    this.functions = collect("function");
    this.shapes = collect("shape");
    for (const [name, { head }] of this.functions) {
      if (this.definitions.has(name) || this.shapes.has(name) || known.functions.includes(name)) {
        throw redefined(text, tokens[head] as Token);
      }
    }
    const bare = new Set<string>();
    for (let at = 0; at < tokens.length; at++) {
      const { kind, text: name } = tokens[at] as Token;
      if (kind === "name" && tokens[at + 1]?.text !== "(") bare.add(name);
    }
    this.#bare = bare;
  }

  isFunction(name: string): boolean {
    if (this.parameters.has(name)) return false;
    if (this.#isOwnFunction(name)) return true;
    if (this.isVariable(name)) return false;
    const base = withoutPrimes(name);
    return this.#builtin.has(name) || (base !== name && this.#isOwnFunction(base));
  }

  /** Whether a name stands for a function of the text or one without a body. */
  #isOwnFunction(name: string): boolean {
    return this.functions.has(name) || this.#known.functions.includes(name);
  }

  /** Whether a name is defined, declared or given as a variable. */
  isVariable(name: string): boolean {
    return (
      this.parameters.has(name) ||
      this.definitions.has(name) ||
      this.shapes.has(name) ||
      Object.hasOwn(this.#known.variables, name)
    );
  }

  checkFactor(token: Token): void {
    const name = token.text;
    if (this.isVariable(name)) return;
    this.checkPrimes(token);
    if (this.#bare.has(name) || singleLetter.test(name) || constants.has(name)) return;
    const near = nearest(name, this.candidates());
    const hint =
      near === undefined ? `; a product is written ${name} * (…)` : `, did you mean ${near}?`;
    throw new ParseError(this.#text, token.start, `unknown function "${name}"${hint}`);
  }

  /** Throws ParseError for `sin'`: only functions of the text have derivatives by name. */
  checkPrimes({ text, start }: Token): void {
    const base = withoutPrimes(text);
    if (base === text || !this.isFunction(base)) return;
    const reason = `expected a name or a matrix before "'", got the function "${base}"`;
    throw new ParseError(this.#text, start, reason);
  }

  /** Names of functions that a misspelt one may stand for. */
  candidates(): readonly string[] {
    const own = [...this.functions.keys(), ...this.#known.functions];
    return [...own, ...this.#known.builtin];
  }
}

function definitionsOf(
  kind: StatementKind,
  text: string,
  tokens: readonly Token[],
  statements: readonly Statement[],
): ReadonlyMap<string, Statement> {
  const found = new Map<string, Statement>();
  for (const statement of statements) {
    if (statement.kind !== kind) continue;
    const token = tokens[statement.head] as Token;
    if (found.has(token.text)) throw redefined(text, token);
    found.set(token.text, statement);
  }
  return found;
}

/** The error of a second definition. */
export function redefined(text: string, { text: name, start }: Token): ParseError {
  return new ParseError(text, start, `a name must be defined once, got "${name}" again`);
}
