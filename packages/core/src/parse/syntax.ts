/**
 * A node of what was read, with the range of tokens it stands for.
 *
 * Names, numbers and what operators join are made by mathjs's parser, which asks nodes what they
 * are by flags such as `isSymbolNode`, on the node, and `isNode`, on its prototype. What stands in
 * brackets is made by the `ExpressionReader`.
 */
export abstract class Syntax {
  /** Index of the first and of the last token; `START` and `END` have none. */
  readonly first: number;
  readonly last: number;

  constructor(first: number, last: number) {
    this.first = first;
    this.last = last;
  }

  get isNode(): boolean {
    return true;
  }
}

/** In place of a token: what is left out before and behind the colon of a range. */
export const START: number = -1;
export const END: number = -2;

/** A number; its text is that of the token. */
export class Numeral extends Syntax {
  readonly kind = "number";
  readonly isConstantNode = true;

  constructor(token: number) {
    super(token, token);
  }
}

/** `t12`, what token 12 begins: a name, a hole, a text, or something in brackets. */
export class Name extends Syntax {
  readonly kind = "name";
  readonly isSymbolNode = true;

  constructor(name: string) {
    const token = name === "start" ? START : name === "end" ? END : Number(name.slice(1));
    super(token, token);
  }
}

/** A prefix or infix operator, by mathjs's name of its function. */
export class Operator extends Syntax {
  readonly kind = "operator";
  readonly isOperatorNode = true;
  readonly op: string;
  readonly fn: string;
  readonly args: readonly SyntaxNode[];

  constructor(op: string, fn: string, args: readonly SyntaxNode[]) {
    super((args[0] as SyntaxNode).first, (args.at(-1) as SyntaxNode).last);
    this.op = op;
    this.fn = fn;
    this.args = args;
  }
}

/** `a < b <= c`, by mathjs's names of the comparisons. */
export class Relation extends Syntax {
  readonly kind = "relation";
  readonly comparisons: readonly string[];
  readonly args: readonly SyntaxNode[];

  constructor(comparisons: readonly string[], args: readonly SyntaxNode[]) {
    super((args[0] as SyntaxNode).first, (args.at(-1) as SyntaxNode).last);
    this.comparisons = comparisons;
    this.args = args;
  }
}

/** `condition ? yes : no` */
export class Conditional extends Syntax {
  readonly kind = "conditional";
  readonly args: readonly SyntaxNode[];

  constructor(condition: SyntaxNode, yes: SyntaxNode, no: SyntaxNode) {
    super(condition.first, no.last);
    this.args = [condition, yes, no];
  }
}

/** `start:end` or `start:step:end` */
export class Range extends Syntax {
  readonly kind = "range";
  readonly args: readonly SyntaxNode[];

  constructor(start: SyntaxNode, end: SyntaxNode, step?: SyntaxNode) {
    super(start.first, end.last);
    this.args = step === undefined ? [start, end] : [start, end, step];
  }
}

/** `( inner )`, kept apart since `-(2)` is not `-2`. */
export class Group extends Syntax {
  readonly kind = "group";
  readonly args: readonly SyntaxNode[];

  constructor(open: number, close: number, inner: SyntaxNode) {
    super(open, close);
    this.args = [inner];
  }
}

/** `f(a, b)`, `f^2(a, b)`, `√a`, `|a|`: the function is named by the first token. */
export class Call extends Syntax {
  readonly kind = "call";
  readonly args: readonly SyntaxNode[];
  /** The last of `args` is the exponent of the function. */
  readonly powered: boolean;

  constructor(fn: number, close: number, args: readonly SyntaxNode[], exponent?: SyntaxNode) {
    super(fn, close);
    this.args = exponent === undefined ? args : [...args, exponent];
    this.powered = exponent !== undefined;
  }
}

/** `[a, b]`, and of such rows `[a, b; c, d]`. */
export class List extends Syntax {
  readonly kind = "list";
  readonly args: readonly SyntaxNode[];

  constructor(open: number, close: number, items: readonly SyntaxNode[]) {
    super(open, close);
    this.args = items;
  }
}

/** `x[i, j]` */
export class Access extends Syntax {
  readonly kind = "access";
  readonly object: SyntaxNode;
  readonly indices: readonly SyntaxNode[];

  constructor(close: number, object: SyntaxNode, indices: readonly SyntaxNode[]) {
    super(object.first, close);
    this.object = object;
    this.indices = indices;
  }
}

/** `x'` */
export class Transpose extends Syntax {
  readonly kind = "transpose";
  readonly args: readonly SyntaxNode[];

  constructor(mark: number, object: SyntaxNode) {
    super(object.first, mark);
    this.args = [object];
  }
}

/** Any node of an expression. */
export type SyntaxNode =
  | Access
  | Call
  | Conditional
  | Group
  | List
  | Name
  | Numeral
  | Operator
  | Range
  | Relation
  | Transpose;
