import { Cursor } from "./cursor.ts";
import type { Frame } from "./frame.ts";
import { Frames } from "./frames.ts";
import { readOperators } from "./mathjs.ts";
import { Group, type SyntaxNode } from "./syntax.ts";
import type { Token } from "./tokenize.ts";

/** What the reader asks about names. */
export interface Names {
  /** Whether a name stands for a function. */
  isFunction(name: string): boolean;
  /** Throws ParseError unless `name(` begins a product. */
  checkFactor(token: Token): void;
}

/**
 * Reads expressions: finds what belongs together in brackets, calls, bars and products, and hands
 * each such part, now without brackets, to mathjs for the precedence of its operators.
 *
 * So `c(a + 2b)^2` becomes `t0 t1 ^ 8`, a product where mathjs itself reads a power of a call, and
 * no depth of brackets can overflow the stack. Linear in the length of the text.
 */
export class ExpressionReader {
  readonly #cursor: Cursor;
  readonly #frames: Frames;
  readonly #names: Names;

  constructor(text: string, tokens: readonly Token[], names: Names) {
    this.#cursor = new Cursor(text, tokens);
    this.#frames = new Frames(this.#cursor);
    this.#names = names;
  }

  /** What stands for each token that opens a part of an expression. */
  get parts(): ReadonlyMap<number, SyntaxNode> {
    return this.#frames.parts;
  }

  /** The expression of the tokens from `from` up to `to`, which may be the end of the text. */
  read(from: number, to: number): SyntaxNode {
    const cursor = this.#cursor;
    cursor.at = from;
    this.#frames.start();
    for (; cursor.at < to; cursor.at++) this.#step(cursor.token());
    cursor.at = to;
    this.#frames.closeBare();
    const { kind, wanted } = this.#frames.top;
    if (kind !== "root") throw cursor.unexpected(wanted);
    return this.#frames.flush();
  }

  #step(token: Token): void {
    const { at } = this.#cursor;
    if (token.kind === "number") {
      const after = !this.#frames.wantsValue && /^\d/.test(this.#frames.top.pieces.at(-1) ?? "");
      if (after) throw this.#cursor.unexpected("an operator");
      this.#frames.value(`${at}`);
    } else if (token.kind === "name") this.#name(token);
    else if (token.kind === "operator") this.#operator(token);
    else if (token.kind !== "newline") this.#frames.value(`t${at}`);
  }

  #name(token: Token): void {
    const frames = this.#frames;
    const { at } = this.#cursor;
    if (token.text === "mod" && !frames.wantsValue) frames.infix("mod");
    else if (token.text === "end" && frames.indices > 0) frames.value("end");
    else if (this.#names.isFunction(token.text)) {
      frames.begin(false);
      const power = this.#cursor.next();
      if (this.#cursor.is(power, "^")) this.#exponent(at, this.#cursor.next(power));
      else this.#call(at, undefined);
    } else {
      if (this.#cursor.is(this.#cursor.next(), "(")) this.#names.checkFactor(token);
      frames.value(`t${at}`);
    }
  }

  /** `sin^2(x)`, `sin^-1 x`, `sin^(n + 1)(x)` */
  #exponent(fn: number, from: number): void {
    const cursor = this.#cursor;
    cursor.at = from;
    if (cursor.is(from, "(")) {
      this.#frames.push("exponent", fn);
      return;
    }
    const sign = cursor.is(from, "-") ? "- " : "";
    if (sign !== "") cursor.at = cursor.next();
    const { kind, text } = cursor.token();
    const known = kind === "number" || kind === "hole";
    if (!known && (kind !== "name" || this.#names.isFunction(text))) {
      throw cursor.unexpected("an exponent");
    }
    const piece = kind === "number" ? `${cursor.at}` : `t${cursor.at}`;
    this.#call(fn, readOperators(`${sign}${piece}`));
  }

  /** The arguments of a function, in parentheses or bare; the cursor is before them. */
  #call(fn: number, exponent: SyntaxNode | undefined): void {
    const cursor = this.#cursor;
    const { text } = cursor.token(fn);
    const before = cursor.at;
    cursor.at = cursor.next();
    if (cursor.is(cursor.at, "(")) {
      this.#frames.push("call", fn, exponent);
      return;
    }
    if (!this.#beginsBare(cursor.at)) {
      throw cursor.unexpected(`the argument of ${/[√∛]/.test(text) ? "the root" : text}`);
    }
    cursor.at = before;
    this.#frames.push(/[√∛]/.test(text) ? "factor" : "product", fn, exponent);
  }

  /** Whether an argument without parentheses begins here: `sin x`, `sin 2x`, `sin -x`. */
  #beginsBare(at: number): boolean {
    const { kind, text, start, end } = this.#cursor.token(at);
    if (kind !== "operator") return kind === "number" || kind === "name" || kind === "hole";
    if (text !== "-") return /^[[|√∛]$/.test(text);
    return this.#cursor.token(at - 1).end < start && this.#cursor.token(at + 1).start === end;
  }

  #operator({ text, end }: Token): void {
    const frames = this.#frames;
    switch (text) {
      case "(":
      case "[":
        this.#openBracket(text);
        break;
      case ")":
      case "]":
        this.#closeBracket();
        break;
      case "|":
        this.#bar(end);
        break;
      case ",":
      case ";":
        this.#separator(text);
        break;
      case "√":
      case "∛":
        frames.begin(true);
        this.#call(this.#cursor.at, undefined);
        break;
      case "'":
        this.#transpose();
        break;
      case "?":
        frames.question();
        break;
      case ":":
        frames.colon();
        break;
      case "!":
        throw this.#cursor.unexpected("an operator", "; there is no factorial");
      case "=":
        throw this.#assignment();
      case "not":
        if (!frames.wantsValue) throw this.#cursor.unexpected(frames.top.wanted);
        frames.prefix(text);
        break;
      case "^":
      case ".^":
        frames.power(text);
        break;
      default:
        if (frames.wantsValue && (text === "-" || text === "+")) frames.prefix(text);
        else frames.infix(text === "%" ? "mod" : text);
    }
  }

  #assignment(): Error {
    const { kind, wanted } = this.#frames.closable;
    if (this.#frames.wantsValue) return this.#cursor.unexpected("an expression");
    const hint =
      kind === "root"
        ? '; left of "=" must stand a name or f(x, y), equality is "=="'
        : ', did you mean "=="?';
    return this.#cursor.unexpected(wanted, hint);
  }

  #openBracket(sign: "(" | "["): void {
    const frames = this.#frames;
    const indexed = sign === "[" && !frames.wantsValue;
    if (indexed) {
      if (!this.#followsName()) throw this.#cursor.unexpected(frames.top.wanted);
    } else frames.begin(false);
    frames.push(indexed ? "index" : sign === "(" ? "group" : "list", this.#cursor.at);
  }

  /** Whether what stands before is no number but a name, or something in brackets. */
  #followsName(): boolean {
    return !this.#frames.wantsValue && (this.#frames.top.pieces.at(-1) ?? "").startsWith("t");
  }

  /** Brackets match, which `splitStatements` has seen to; only a bar or a `?` can be in the way. */
  #closeBracket(): void {
    const frames = this.#frames;
    frames.closeBare();
    const { kind, wanted, open } = frames.top;
    if (kind === "root" || kind === "bars" || kind === "yes") throw this.#cursor.unexpected(wanted);
    if (kind === "exponent") {
      const [inner] = frames.pop().items as [SyntaxNode];
      this.#call(open, new Group(open, this.#cursor.at, inner));
    } else frames.close();
  }

  /** A bar after an operator opens; after a value it closes, or opens where none is open. */
  #bar(end: number): void {
    const frames = this.#frames;
    const cursor = this.#cursor;
    if (!frames.wantsValue && frames.closable.kind === "bars") {
      frames.closeBare();
      frames.close();
      return;
    }
    const double = cursor.is(cursor.at + 1, "|") && cursor.token(cursor.at + 1).start === end;
    if (double && !frames.wantsValue) {
      throw cursor.unexpected(frames.top.wanted, ', did you mean "or" by "||"?');
    }
    frames.begin(false);
    frames.push("bars", cursor.at);
  }

  #separator(sign: "," | ";"): void {
    this.#frames.closeBare();
    const { top } = this.#frames;
    const fits = sign === "," ? /^(call|list|index)$/.test(top.kind) : top.kind === "list";
    if (!fits) throw this.#cursor.unexpected(top.wanted, this.#productHint(top, sign));
    this.#frames.separate(sign);
  }

  /** `c(a, b)` of a variable is a product, to which a comma is strange. */
  #productHint({ kind, open }: Frame, sign: string): string {
    const before = this.#cursor.tokens[open - 1];
    if (sign !== "," || kind !== "group" || before?.kind !== "name") return "";
    return `; "${before.text}" is not known as a function, so "(" begins a product`;
  }

  #transpose(): void {
    if (!this.#followsName()) throw this.#cursor.unexpected(this.#frames.top.wanted);
    this.#frames.transpose();
  }
}
