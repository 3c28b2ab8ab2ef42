import { describeToken } from "./describeToken.ts";
import { Frame, type FrameKind } from "./frame.ts";
import { readOperators } from "./mathjs.ts";
import { ParseError } from "./parseError.ts";
import { Access, Call, Group, List, Name, type SyntaxNode, Transpose } from "./syntax.ts";
import type { Token } from "./tokenize.ts";

/** What the reader asks about names. */
export interface Names {
  /** Whether a name stands for a function. */
  isFunction(name: string): boolean;
  /** Throws ParseError unless `name(` begins a product. */
  checkFactor(token: Token): void;
}

/**
 * Brackets, prefixes, powers and conditionals inside of each other, at most.
 *
 * Brackets cost memory only; mathjs's parser recurses on the others, and with a stack of 1 MB
 * (Node's default) it bears 3,900 powers.
 */
export const NESTING_LIMIT = 1000;

/**
 * Reads expressions: finds what belongs together in brackets, calls, bars and products, and hands
 * each such part, now without brackets, to mathjs for the precedence of its operators.
 *
 * So `c(a + 2b)^2` becomes `t0 t1 ^ 5`, a product where mathjs itself reads a power of a call, and
 * no depth of brackets can overflow the stack. Linear in the length of the text.
 */
export class ExpressionReader {
  /** What stands for each token that opens something. */
  readonly parts: Map<number, SyntaxNode> = new Map();
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #frames: Frame[] = [];
  #at = 0;
  #depth = 0;
  #indices = 0;
  #wantsValue = true;

  constructor(text: string, tokens: readonly Token[], names: Names) {
    this.#text = text;
    this.#tokens = tokens;
    this.#names = names;
  }

  /** The expression of the tokens from `from` up to `to`, which may be the end of the text. */
  read(from: number, to: number): SyntaxNode {
    this.#frames = [new Frame("root", from)];
    this.#depth = 0;
    this.#indices = 0;
    this.#wantsValue = true;
    for (this.#at = from; this.#at < to; this.#at++) this.#step(this.#token(this.#at));
    this.#at = to;
    this.#closeBare();
    if (this.#top.kind !== "root") throw this.#unexpected(this.#top.wanted);
    return this.#flush();
  }

  #token(at: number): Token {
    return this.#tokens[at] as Token;
  }

  get #top(): Frame {
    return this.#frames[this.#frames.length - 1] as Frame;
  }

  /** The next token that is no newline. */
  #next(at: number): number {
    let next = at + 1;
    while (this.#tokens[next]?.kind === "newline") next++;
    return next;
  }

  #is(at: number, sign: string): boolean {
    const token = this.#tokens[at];
    return token?.kind === "operator" && token.text === sign;
  }

  #unexpected(wanted: string, hint = ""): ParseError {
    const token = this.#token(this.#at);
    const reason = `expected ${wanted}, got ${describeToken(this.#text, token)}${hint}`;
    return new ParseError(this.#text, token.start, reason);
  }

  #step(token: Token): void {
    switch (token.kind) {
      case "number":
        if (!this.#wantsValue && /^\d/.test(this.#top.pieces.at(-1) ?? "")) {
          throw this.#unexpected("an operator");
        }
        return this.#value(`${this.#at}`);
      case "hole":
      case "text":
        return this.#value(`t${this.#at}`);
      case "name":
        return this.#name(token);
      case "operator":
        return this.#operator(token);
      default:
        return;
    }
  }

  /** A value without parts: a number or a name. */
  #value(piece: string): void {
    this.#begin(true);
    this.#top.pieces.push(piece);
    this.#wantsValue = false;
  }

  /** Before a value: after another one it is a factor of the same product, if that goes on. */
  #begin(goesOn: boolean): void {
    if (this.#wantsValue) return;
    while (this.#top.kind === "factor" || (this.#top.kind === "product" && !goesOn)) this.#close();
    this.#resetChain();
  }

  #name(token: Token): void {
    if (token.text === "mod" && !this.#wantsValue) return this.#infix("mod");
    if (token.text === "end" && this.#indices > 0) return this.#value("end");
    if (!this.#names.isFunction(token.text)) {
      if (this.#is(this.#next(this.#at), "(")) this.#names.checkFactor(token);
      return this.#value(`t${this.#at}`);
    }
    this.#begin(false);
    const fn = this.#at;
    if (this.#is(this.#next(fn), "^")) this.#exponent(fn, this.#next(this.#next(fn)));
    else this.#call(fn, undefined);
  }

  /** `sin^2(x)`, `sin^-1 x`, `sin^(n + 1)(x)` */
  #exponent(fn: number, from: number): void {
    this.#at = from;
    if (this.#is(from, "(")) return this.#push("exponent", fn);
    const negative = this.#is(from, "-");
    if (negative) this.#at = this.#next(from);
    const { kind, text } = this.#token(this.#at);
    const known = kind === "number" || kind === "hole";
    if (!known && (kind !== "name" || this.#names.isFunction(text))) {
      throw this.#unexpected("an exponent");
    }
    const piece = kind === "number" ? `${this.#at}` : `t${this.#at}`;
    this.#call(fn, readOperators(negative ? `- ${piece}` : piece));
  }

  /** The arguments of a function, in parentheses or bare; `#at` is the last token before them. */
  #call(fn: number, exponent: SyntaxNode | undefined): void {
    const next = this.#next(this.#at);
    const before = this.#at;
    this.#at = next;
    if (this.#is(next, "(")) return this.#push("call", fn, exponent);
    if (!this.#beginsBare(next)) {
      const { text } = this.#token(fn);
      throw this.#unexpected(`the argument of ${text === "√" ? "the root" : text}`);
    }
    this.#at = before;
    this.#push(/[√∛]/.test(this.#token(fn).text) ? "factor" : "product", fn, exponent);
  }

  /** Whether an argument without parentheses begins here: `sin x`, `sin 2x`, `sin -x`. */
  #beginsBare(at: number): boolean {
    const { kind, text, start, end } = this.#token(at);
    if (kind !== "operator") return kind === "number" || kind === "name" || kind === "hole";
    if (text !== "-") return /^[[|√∛]$/.test(text);
    return this.#token(at - 1).end < start && this.#token(at + 1).start === end;
  }

  #push(kind: FrameKind, open: number, exponent?: SyntaxNode): void {
    this.#frames.push(new Frame(kind, open, exponent));
    if (kind === "index") this.#indices++;
    this.#wantsValue = true;
    this.#deepen();
  }

  #deepen(): void {
    this.#depth++;
    if (this.#depth <= NESTING_LIMIT) return;
    const reason = `an expression must nest at most ${NESTING_LIMIT} deep, got more`;
    throw new ParseError(this.#text, this.#token(this.#at).start, reason);
  }

  #operator(token: Token): void {
    const { text } = token;
    switch (text) {
      case "(":
      case "[":
        return this.#openBracket(text);
      case ")":
      case "]":
        return this.#closeBracket();
      case "|":
        return this.#bar(token);
      case ",":
      case ";":
        return this.#separator(text);
      case "√":
      case "∛":
        this.#begin(true);
        return this.#call(this.#at, undefined);
      case "'":
        return this.#transpose();
      case "?":
      case ":":
        return this.#condition(text);
      case "!":
        throw this.#unexpected("an operator", "; there is no factorial");
      case "=":
        throw this.#assignment();
      case "not":
        if (!this.#wantsValue) throw this.#unexpected(this.#top.wanted);
        return this.#prefix(text);
      case "-":
      case "+":
        return this.#wantsValue ? this.#prefix(text) : this.#infix(text);
      case "^":
      case ".^":
        return this.#power(text);
      default:
        return this.#infix(text === "%" ? "mod" : text);
    }
  }

  #prefix(sign: string): void {
    this.#top.pieces.push(sign);
    this.#top.chain++;
    this.#deepen();
  }

  #infix(sign: string): void {
    if (this.#wantsValue) throw this.#unexpected("an expression");
    this.#closeBare();
    this.#resetChain();
    this.#top.pieces.push(sign);
    this.#wantsValue = true;
  }

  #power(sign: string): void {
    if (this.#wantsValue) throw this.#unexpected("an expression");
    this.#top.pieces.push(sign);
    this.#top.chain++;
    this.#wantsValue = true;
    this.#deepen();
  }

  #resetChain(): void {
    this.#depth -= this.#top.chain;
    this.#top.chain = 0;
  }

  #assignment(): ParseError {
    const inside = this.#frames.some(({ kind }) => kind !== "root");
    return this.#unexpected(
      this.#wantsValue ? "an expression" : inside ? this.#top.wanted : "an operator",
      inside
        ? ', did you mean "=="?'
        : '; left of "=" must stand a name or f(x, y), equality is "=="',
    );
  }

  #openBracket(sign: "(" | "["): void {
    const indexed = sign === "[" && !this.#wantsValue;
    if (indexed && !/^t/.test(this.#top.pieces.at(-1) ?? "")) {
      throw this.#unexpected(this.#top.wanted);
    }
    if (!indexed) this.#begin(false);
    this.#push(indexed ? "index" : sign === "(" ? "group" : "list", this.#at);
  }

  /** Brackets match, which `splitStatements` has seen to; only a bar can be in the way. */
  #closeBracket(): void {
    this.#closeBare();
    const { kind, wanted } = this.#top;
    if (kind === "root" || kind === "bars") throw this.#unexpected(wanted);
    this.#close();
  }

  /** A bar after an operator opens; after a value it closes, or opens where none is open. */
  #bar(token: Token): void {
    let at = this.#frames.length - 1;
    while (this.#frames[at]?.bare === true) at--;
    if (!this.#wantsValue && this.#frames[at]?.kind === "bars") {
      this.#closeBare();
      return this.#close();
    }
    if (!this.#wantsValue && this.#is(this.#at + 1, "|")) {
      const double = this.#token(this.#at + 1).start === token.end;
      if (double) throw this.#unexpected(this.#top.wanted, ', did you mean "or" by "||"?');
    }
    this.#begin(false);
    this.#push("bars", this.#at);
  }

  #separator(sign: "," | ";"): void {
    this.#closeBare();
    const frame = this.#top;
    const fits = sign === "," ? /^(call|list|index)$/.test(frame.kind) : frame.kind === "list";
    if (!fits) throw this.#unexpected(frame.wanted, this.#productHint(frame, sign));
    frame.items.push(this.#flush());
    if (sign === ";") frame.rows.push(frame.items.splice(0));
  }

  /** `c(a, b)` of a variable is a product, to which a comma is strange. */
  #productHint(frame: Frame, sign: string): string {
    const before = this.#tokens[frame.open - 1];
    if (sign !== "," || frame.kind !== "group" || before?.kind !== "name") return "";
    return `; "${before.text}" is not known as a function, so "(" begins a product`;
  }

  #transpose(): void {
    const { pieces } = this.#top;
    const last = pieces.at(-1) ?? "";
    if (this.#wantsValue || !last.startsWith("t")) throw this.#unexpected(this.#top.wanted);
    pieces[pieces.length - 1] = `t${this.#at}`;
    this.parts.set(this.#at, new Transpose(this.#at, new Name(last)));
  }

  #condition(sign: "?" | ":"): void {
    const before = this.#wantsValue;
    if (!before) this.#closeBare();
    const frame = this.#top;
    const ranged = sign === ":" && frame.pending === 0;
    if (ranged && frame.kind !== "index") throw this.#unexpected(frame.wanted);
    if (before && !(ranged && frame.pieces.length === 0)) throw this.#unexpected("an expression");
    this.#resetChain();
    if (before) frame.pieces.push("start");
    if (sign === "?") {
      frame.pending++;
      frame.conditionals++;
      this.#deepen();
    } else if (!ranged) frame.pending--;
    frame.pieces.push(sign);
    this.#wantsValue = true;
  }

  #closeBare(): void {
    while (this.#top.bare) this.#close();
  }

  /** Ends the top frame, at the token that closes it or before the token that cannot belong. */
  #close(): void {
    const frame = this.#top;
    const { kind, open, exponent, items, rows } = frame;
    items.push(this.#flush());
    this.#frames.pop();
    this.#depth--;
    if (kind === "exponent") return this.#call(open, new Group(open, this.#at, items[0] as never));
    if (kind === "index") {
      this.#indices--;
      return this.#index(items);
    }
    if (kind === "list") this.parts.set(open, this.#list(open, rows, items));
    else if (kind === "group") {
      this.parts.set(open, new Group(open, this.#at, items[0] as SyntaxNode));
    } else this.parts.set(open, new Call(open, this.#at, items, exponent));
    this.#top.pieces.push(`t${open}`);
    this.#wantsValue = false;
  }

  #index(items: readonly SyntaxNode[]): void {
    const { pieces } = this.#top;
    const object = new Name(pieces.pop() as string);
    this.parts.set(this.#at, new Access(this.#at, object, items));
    pieces.push(`t${this.#at}`);
    this.#wantsValue = false;
  }

  #list(open: number, rows: SyntaxNode[][], last: SyntaxNode[]): List {
    if (rows.length === 0) return new List(open, this.#at, last);
    rows.push(last);
    const [first] = rows as [SyntaxNode[]];
    for (const row of rows) {
      if (row.length === first.length) continue;
      const reason = `rows must have equal lengths, got ${first.length} and ${row.length}`;
      throw new ParseError(this.#text, this.#token((row[0] as SyntaxNode).first).start, reason);
    }
    const lists = rows.map(
      (row) => new List((row[0] as SyntaxNode).first, (row.at(-1) as SyntaxNode).last, row),
    );
    return new List(open, this.#at, lists);
  }

  /** Reads the pieces of the top frame, which then is empty. */
  #flush(): SyntaxNode {
    const frame = this.#top;
    const open = frame.kind === "index" && frame.pieces.at(-1) === ":" && frame.conditionals === 0;
    if (open) frame.pieces.push("end");
    else if (this.#wantsValue) throw this.#unexpected("an expression");
    if (frame.pending > 0) throw this.#unexpected('":"');
    this.#depth -= frame.chain + frame.conditionals;
    frame.chain = 0;
    frame.conditionals = 0;
    this.#wantsValue = true;
    const flat = frame.pieces.splice(0).join(" ");
    try {
      return readOperators(flat);
    } catch (error) {
      throw this.#misread(flat, error);
    }
  }

  /** What mathjs refuses: `x^2 3`, and ranges of more than three parts. */
  #misread(flat: string, error: unknown): unknown {
    if (!(error instanceof SyntaxError && "char" in error)) return error;
    const piece = /[t ]*(\d+)/y;
    piece.lastIndex = Number(error.char) - 1;
    const at = piece.exec(flat)?.[1];
    if (at !== undefined) this.#at = Number(at);
    return this.#unexpected("an operator");
  }
}
