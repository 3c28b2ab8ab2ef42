import { isInput } from "../bind.ts";
import { localPartial } from "../differentiate/reverse.ts";
import { ArgumentError } from "../errors.ts";
import { type Expr, Lambda, type Scalar } from "../expr.ts";
import { abstract, call } from "../ops/control/index.ts";
import { argument } from "../ops/leaf.ts";
import { formatShape } from "../shape.ts";
import { Argument } from "./argument.ts";
import { type Builder, nodeOf, type Scope } from "./builder.ts";
import type { Built } from "./built.ts";
import { checkCount } from "./checkCount.ts";
import { functions } from "./functions.ts";
import { withoutPrimes } from "./names.ts";
import { ParseError } from "./parseError.ts";
import { transposed } from "./primes.ts";
import type { Statement } from "./statements.ts";
import type { SyntaxNode } from "./syntax.ts";
import type { Token } from "./tokenize.ts";

/** A function of the text, and its body for each list of argument types it was called with. */
interface TextFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: SyntaxNode;
  readonly instances: Map<string, Instance | "under way">;
}

/** A closed body, and the nodes around the function that it uses, as further arguments. */
interface Instance {
  readonly body: Lambda;
  readonly captured: readonly Expr[];
}

/** Takes a node from around a function into its body. */
type Capture = (outer: Expr) => Expr;

/** Functions call functions at most so deep: each is built inside of its caller, 2 KB of stack. */
const CALL_LIMIT = 100;

/** Signs that are functions. */
const signs: ReadonlyMap<string, string> = new Map([
  ["√", "sqrt"],
  ["∛", "cbrt"],
  ["|", "abs"],
]);

/** The functions a text may call: its own, those without a body, and the library's. */
export class TextFunctions {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #builder: Builder;
  readonly #scope: Scope;
  readonly #abstract: ReadonlySet<string>;
  readonly #defined: ReadonlyMap<string, Statement>;
  readonly #functions: Map<string, TextFunction> = new Map();
  #depth = 0;

  constructor(
    text: string,
    tokens: readonly Token[],
    builder: Builder,
    scope: Scope,
    names: {
      readonly abstract: readonly string[];
      readonly defined: ReadonlyMap<string, Statement>;
    },
  ) {
    this.#text = text;
    this.#tokens = tokens;
    this.#builder = builder;
    this.#scope = scope;
    this.#abstract = new Set(names.abstract);
    this.#defined = names.defined;
  }

  /** `f(x) = body` */
  define(name: string, { parameters }: Statement, body: SyntaxNode): void {
    const names = parameters.map((at) => (this.#tokens[at] as Token).text);
    this.#functions.set(name, { name, parameters: names, body, instances: new Map() });
  }

  /** `f(a, b)`; what the function uses from around it goes through `capture`. */
  call(token: Token, args: readonly Built[], scope: Scope, capture: Capture): Expr {
    const name = signs.get(token.text) ?? token.text;
    if (name.endsWith("'")) return this.#derivative(token, args, scope, capture);
    if (this.#defined.has(name)) return this.#own(token, nodesOf(args, scope), capture);
    if (this.#abstract.has(name))
      return abstract(name)(...(nodesOf(args, scope) as readonly Scalar[]));
    const fn = functions.get(name);
    if (fn === undefined) throw new ArgumentError(`${name}: there is no such function`);
    checkCount(name, args.length, ...fn.arity);
    return fn.build(args.map((arg) => new Argument(arg, (built) => nodeOf(built, scope))));
  }

  /** `f''(x)` of a function of the text, or one without a body. */
  #derivative(token: Token, args: readonly Built[], scope: Scope, capture: Capture): Expr {
    checkCount(token.text, args.length, 1, 1);
    const base = withoutPrimes(token.text);
    let node = this.call({ ...token, text: base }, args, scope, capture);
    for (let primes = token.text.length - base.length; primes > 0; primes--) {
      const partial = localPartial(node, 0);
      if (partial === undefined) throw new ArgumentError(`${base}: there is no derivative`);
      node = partial;
    }
    return node;
  }

  #own(token: Token, args: readonly Expr[], capture: Capture): Expr {
    const fn = this.#functions.get(token.text);
    if (fn === undefined) {
      const reason = `"${token.text}" is used before it is defined`;
      throw new ParseError(this.#text, token.start, reason);
    }
    checkCount(fn.name, args.length, fn.parameters.length, fn.parameters.length);
    const { body, captured } = this.#instance(fn, args);
    return call(body, [...args, ...captured.map(capture)], fn.name);
  }

  #instance(fn: TextFunction, args: readonly Expr[]): Instance {
    const key = args.map(({ shape, dtype }) => `${dtype}${formatShape(shape)}`).join();
    const known = fn.instances.get(key);
    if (known === "under way")
      throw new ArgumentError(`${fn.name}: a function must not call itself`);
    if (known !== undefined) return known;
    if (this.#depth === CALL_LIMIT) {
      throw new ArgumentError(
        `${fn.name}: functions must call functions at most ${CALL_LIMIT} deep`,
      );
    }
    fn.instances.set(key, "under way");
    this.#depth++;
    const instance = this.#instantiate(fn, args);
    this.#depth--;
    fn.instances.set(key, instance);
    return instance;
  }

  #instantiate({ parameters, body }: TextFunction, args: readonly Expr[]): Instance {
    const inputs = args.map((arg, i) => argument(i, arg.shape, arg.dtype));
    const captured = new Map<Expr, Expr>();
    const capture = (outer: Expr): Expr => {
      if (outer.args.length === 0 && !isInput(outer)) return outer;
      let inner = captured.get(outer);
      if (inner === undefined) {
        inner = argument(inputs.length + captured.size, outer.shape, outer.dtype);
        captured.set(outer, inner);
      }
      return inner;
    };
    const scope: Scope = {
      resolve: (token) => {
        const base = withoutPrimes(token.text);
        const input = inputs[parameters.indexOf(base)];
        if (input === undefined) return capture(this.#scope.resolve(token));
        return transposed(this.#text, token, input);
      },
      call: (token, given) => this.call(token, given, scope, capture),
    };
    const output = this.#builder.build(body, scope);
    const types = [...args, ...captured.keys()].map(({ shape, dtype }) => ({ shape, dtype }));
    return { body: new Lambda(types, [output]), captured: [...captured.keys()] };
  }
}

function nodesOf(args: readonly Built[], scope: Scope): readonly Expr[] {
  return args.map((arg) => nodeOf(arg, scope));
}
