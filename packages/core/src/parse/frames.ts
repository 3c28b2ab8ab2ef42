import type { Cursor } from "./cursor.ts";
import { Frame, type FrameKind } from "./frame.ts";
import { readOperators } from "./mathjs.ts";
import { Access, Call, Group, List, Name, type SyntaxNode, Transpose } from "./syntax.ts";

/**
 * Brackets, prefixes, powers and conditionals inside of each other, at most.
 *
 * Brackets cost memory only; mathjs's parser recurses on the others, and with a stack of 1 MB
 * (Node's default) it bears 3,900 powers.
 */
export const NESTING_LIMIT = 1000;

/** The parts of an expression that are open, innermost last, and those that are closed. */
export class Frames {
  /** What stands for each token that opens a part. */
  readonly parts: Map<number, SyntaxNode> = new Map();
  readonly #cursor: Cursor;
  #open: Frame[] = [];
  #depth = 0;
  /** How many indices `x[…]` are open. */
  indices = 0;
  /** Whether a value must follow: at the beginning, and after an operator. */
  wantsValue = true;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Begins an expression. */
  start(): void {
    this.#open = [new Frame("root", this.#cursor.at)];
    this.#depth = 0;
    this.indices = 0;
    this.wantsValue = true;
  }

  get top(): Frame {
    return this.#open[this.#open.length - 1] as Frame;
  }

  /** The innermost part that only a sign can close. */
  get closable(): Frame {
    let at = this.#open.length - 1;
    while (this.#open[at]?.bare === true) at--;
    return this.#open[at] as Frame;
  }

  push(kind: FrameKind, open: number, exponent?: SyntaxNode): void {
    this.#open.push(new Frame(kind, open, exponent));
    if (kind === "index") this.indices++;
    this.wantsValue = true;
    this.#deepen();
  }

  /** A value without parts: a number, a name, or what is left out of a range. */
  value(piece: string): void {
    this.begin(true);
    this.top.pieces.push(piece);
    this.wantsValue = false;
  }

  /** Before a value: after another one it is a factor of the same product, if that goes on. */
  begin(goesOn: boolean): void {
    if (this.wantsValue) return;
    while (this.top.kind === "factor" || (this.top.kind === "product" && !goesOn)) this.close();
    this.#endTerm();
  }

  prefix(sign: string): void {
    this.top.pieces.push(sign);
    this.top.chain++;
    this.#deepen();
  }

  infix(sign: string): void {
    if (this.wantsValue) throw this.#cursor.unexpected("an expression");
    this.closeBare();
    this.#endTerm();
    this.top.pieces.push(sign);
    this.wantsValue = true;
  }

  power(sign: string): void {
    if (this.wantsValue) throw this.#cursor.unexpected("an expression");
    this.wantsValue = true;
    this.prefix(sign);
  }

  /** `condition ?`; what follows up to the colon is read on its own. */
  question(): void {
    if (this.wantsValue) throw this.#cursor.unexpected("an expression");
    this.closeBare();
    this.#endTerm();
    this.top.pieces.push("?");
    this.top.conditionals++;
    this.#deepen();
    this.push("yes", this.#cursor.at);
  }

  /** The colon of a conditional or of a range. */
  colon(): void {
    if (!this.wantsValue) this.closeBare();
    const { kind, wanted, pieces } = this.top;
    if (kind === "yes") this.close();
    else if (kind !== "index") throw this.#cursor.unexpected(wanted);
    else if (pieces.length === 0) this.value("start");
    else if (this.wantsValue) throw this.#cursor.unexpected("an expression");
    this.#endTerm();
    this.top.pieces.push(":");
    this.wantsValue = true;
  }

  /** The value before becomes part of a new one, which the token here stands for. */
  wrap(make: (inner: Name) => SyntaxNode): void {
    const { pieces } = this.top;
    this.parts.set(this.#cursor.at, make(new Name(pieces.pop() as string)));
    pieces.push(`t${this.#cursor.at}`);
    this.wantsValue = false;
  }

  transpose(): void {
    this.wrap((inner) => new Transpose(this.#cursor.at, inner));
  }

  /** Ends the items of a row, or a row. */
  separate(sign: "," | ";"): void {
    const { items, rows } = this.top;
    items.push(this.flush());
    if (sign === ";") rows.push(items.splice(0));
  }

  closeBare(): void {
    while (this.top.bare) this.close();
  }

  /** Ends the innermost part: at the token that closes it, or before one that cannot belong. */
  close(): void {
    const frame = this.pop();
    const { kind, open, items, rows, exponent } = frame;
    const { at } = this.#cursor;
    if (kind === "index") {
      this.wrap((object) => new Access(at, object, items));
      return;
    }
    const [inner] = items as [SyntaxNode];
    if (kind === "group" || kind === "yes") this.parts.set(open, new Group(open, at, inner));
    else if (kind === "list") this.parts.set(open, this.#list(open, rows, items));
    else this.parts.set(open, new Call(open, at, items, exponent));
    this.top.pieces.push(`t${open}`);
    this.wantsValue = false;
  }

  /** Takes the innermost part away, with its last item. */
  pop(): Frame {
    const frame = this.top;
    if (!frame.isEmptyList) frame.items.push(this.flush());
    this.#open.pop();
    this.#depth--;
    if (frame.kind === "index") this.indices--;
    return frame;
  }

  #list(open: number, rows: SyntaxNode[][], last: SyntaxNode[]): List {
    const { at } = this.#cursor;
    if (rows.length === 0) return new List(open, at, last);
    rows.push(last);
    const length = rows[0]?.length as number;
    const lists = rows.map((row) => {
      const { first } = row[0] as SyntaxNode;
      if (row.length === length) return new List(first, (row.at(-1) as SyntaxNode).last, row);
      const reason = `rows must have equal lengths, got ${length} and ${row.length}`;
      throw this.#cursor.error(reason, first);
    });
    return new List(open, at, lists);
  }

  /** Reads the pieces of the innermost part, which then is empty. */
  flush(): SyntaxNode {
    const frame = this.top;
    const ranged = frame.kind === "index" && frame.conditionals === 0;
    if (ranged && frame.pieces.at(-1) === ":") frame.pieces.push("end");
    else if (this.wantsValue) throw this.#cursor.unexpected("an expression");
    this.#endTerm();
    this.#depth -= frame.conditionals;
    frame.conditionals = 0;
    this.wantsValue = true;
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
    if (at !== undefined) this.#cursor.at = Number(at);
    return this.#cursor.unexpected("an operator");
  }

  #deepen(): void {
    this.#depth++;
    if (this.#depth <= NESTING_LIMIT) return;
    throw this.#cursor.error(`expressions must nest at most ${NESTING_LIMIT} deep, got more`);
  }

  /** Prefixes and powers are done with. */
  #endTerm(): void {
    this.#depth -= this.top.chain;
    this.top.chain = 0;
  }
}
