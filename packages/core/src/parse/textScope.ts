import type { Expr } from "../expr.ts";
import { dimension, variable } from "../ops/index.ts";
import type { Named } from "../program.ts";
import type { Shape } from "../shape.ts";
import type { Builder, Scope } from "./builder.ts";
import type { Built } from "./built.ts";
import { constants } from "./constants.ts";
import type { Known } from "./known.ts";
import { type TextNames, withoutPrimes } from "./names.ts";
import { ParseError, placeOf } from "./parseError.ts";
import { transposed } from "./primes.ts";
import { Name, type Operator } from "./syntax.ts";
import { TextFunctions } from "./textFunctions.ts";
import type { Token } from "./tokenize.ts";

/** What the names of a text stand for, as its statements are worked through. */
export class TextScope implements Scope {
  /** Variables in the order they are met, with what is declared first. */
  readonly variables: Map<string, Expr> = new Map();
  readonly definitions: Map<string, Expr> = new Map();
  readonly warnings: string[] = [];
  readonly functions: TextFunctions;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #names: TextNames;
  readonly #given: Named;
  readonly #holes: ReadonlyMap<number, Expr>;
  readonly #sizes: Set<string> = new Set();
  #warned = false;

  constructor(
    text: string,
    tokens: readonly Token[],
    names: TextNames,
    builder: Builder,
    known: Known,
  ) {
    this.#text = text;
    this.#tokens = tokens;
    this.#names = names;
    this.#given = known.variables;
    this.#holes = known.holes;
    for (const { shape } of Object.values(known.variables)) this.#addSizes(shape);
    this.functions = new TextFunctions(text, tokens, builder, this, {
      abstract: known.functions,
      defined: names.functions,
    });
  }

  resolve(token: Token): Expr {
    if (token.kind === "hole") return this.#holes.get(token.start) as Expr;
    const known = this.known(token.text);
    if (known !== undefined) return known;
    const later = this.#names.definitions.get(token.text);
    if (later !== undefined) throw this.#tooEarly(token, later.head);
    this.#names.checkPrimes(token);
    const base = withoutPrimes(token.text);
    if (base !== token.text && this.#names.isVariable(base)) {
      return transposed(this.#text, token, this.resolve({ ...token, text: base }));
    }
    if (this.#sizes.has(token.text)) return dimension(token.text);
    const make = constants.get(token.text);
    return make === undefined ? this.declare(token.text) : make();
  }

  call(token: Token, args: readonly Built[]): Expr {
    return this.functions.call(token, args, this, (outer) => outer);
  }

  notice(node: Operator, token: Token): void {
    const [base] = node.args;
    if (this.#warned || node.fn !== "pow" || !(base instanceof Name)) return;
    if (this.#tokens[base.first]?.text !== "e" || !this.#names.isVariable("e")) return;
    this.#warned = true;
    const { line, column } = placeOf(this.#text, token.start);
    this.warnings.push(
      `line ${line}, column ${column}: e is defined as a name and hides Euler's number, exp(x) is its power`,
    );
  }

  /** The variable of a name. */
  declare(name: string, shape: Shape = []): Expr {
    const made = variable(name, shape);
    this.variables.set(name, made);
    this.#addSizes(shape);
    return made;
  }

  /** The names of axes, which in expressions stand for their lengths. */
  #addSizes(shape: Shape): void {
    for (const dim of shape) if (typeof dim === "string") this.#sizes.add(dim);
  }

  /** The node a name stands for by now, if any. */
  known(name: string): Expr | undefined {
    return (
      this.definitions.get(name) ??
      this.variables.get(name) ??
      (Object.hasOwn(this.#given, name) ? this.#given[name] : undefined)
    );
  }

  #tooEarly(token: Token, head: number): ParseError {
    const { line, column } = placeOf(this.#text, (this.#tokens[head] as Token).start);
    const where = `line ${line}, column ${column}`;
    return new ParseError(
      this.#text,
      token.start,
      `"${token.text}" is used before it is defined (${where})`,
    );
  }
}
