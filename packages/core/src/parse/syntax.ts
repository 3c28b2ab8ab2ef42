/**
 * The nodes that mathjs's parser makes for us, in place of its own classes.
 *
 * Leaves hold the index of their token, and every node the range of tokens it was read from, so
 * that a message can point at its place. mathjs asks nodes what they are by flags such as
 * `isSymbolNode`, on the node, and `isNode`, on its prototype.
 */
export abstract class Syntax {
  /** Index of the first and of the last token that is a leaf of this node. */
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

/** A number. */
export class Numeral extends Syntax {
  readonly kind = "number";
  readonly isConstantNode = true;

  constructor(token: unknown) {
    super(Number(token), Number(token));
  }
}

/** A name, a text in quotes, or an expression put in from outside; `!` tells what it stands for. */
export class Name extends Syntax {
  readonly kind = "name";
  readonly isSymbolNode = true;
  /** `function^exponent`, as in `sin^2(x)`: the exponent is the first argument of the call. */
  readonly powered: boolean;
  readonly name: string;

  constructor(name: string) {
    const token = name === "end" ? -1 : Number(name.slice(1));
    super(token, token);
    this.name = name;
    this.powered = name.startsWith("p");
  }
}

/** `( inner )`, kept apart since `-(2)` is not `-2`. */
export class Parenthesis extends Syntax {
  readonly kind = "parenthesis";
  readonly isParenthesisNode = true;
  readonly inner: SyntaxNode;

  constructor(inner: SyntaxNode) {
    super(inner.first, inner.last);
    this.inner = inner;
  }
}

/** A prefix, infix or postfix operator, by mathjs's name of its function. */
export class Operator extends Syntax {
  readonly kind = "operator";
  readonly isOperatorNode = true;
  readonly op: string;
  readonly fn: string;
  readonly args: readonly SyntaxNode[];

  constructor(op: string, fn: string, args: readonly SyntaxNode[]) {
    super(firstOf(args), lastOf(args));
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
    super(firstOf(args), lastOf(args));
    this.comparisons = comparisons;
    this.args = args;
  }
}

/** `f(a, b)` */
export class Call extends Syntax {
  readonly kind = "call";
  readonly isFunctionNode = true;
  readonly fn: Name;
  readonly args: readonly SyntaxNode[];

  constructor(fn: Name, args: readonly SyntaxNode[]) {
    super(fn.first, args.length === 0 ? fn.last : lastOf(args));
    this.fn = fn;
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

/** `[a, b]`, and of such rows `[a, b; c, d]`. */
export class List extends Syntax {
  readonly kind = "list";
  readonly items: readonly SyntaxNode[];

  constructor(items: readonly SyntaxNode[]) {
    super(firstOf(items), lastOf(items));
    this.items = items;
  }
}

/** `start:step:end`; mathjs gives 1 and `end` for what is left out. */
export class Range extends Syntax {
  readonly kind = "range";
  readonly start: SyntaxNode;
  readonly end: SyntaxNode;
  readonly step: SyntaxNode | undefined;

  constructor(start: SyntaxNode, end: SyntaxNode, step?: SyntaxNode) {
    super(start.first, end.last);
    this.start = start;
    this.end = end;
    this.step = step;
  }
}

/** What stands between the brackets of `x[…]`. */
export class Indices extends Syntax {
  readonly kind = "indices";
  readonly items: readonly SyntaxNode[];

  constructor(items: readonly SyntaxNode[]) {
    super(firstOf(items), lastOf(items));
    this.items = items;
  }
}

/** `x[i, j]` */
export class Access extends Syntax {
  readonly kind = "access";
  readonly isAccessorNode = true;
  readonly object: SyntaxNode;
  readonly index: Indices;

  constructor(object: SyntaxNode, index: Indices) {
    super(object.first, Math.max(object.last, index.last));
    this.object = object;
    this.index = index;
  }
}

/** Any node of an expression. */
export type SyntaxNode =
  | Access
  | Call
  | Conditional
  | Indices
  | List
  | Name
  | Numeral
  | Operator
  | Parenthesis
  | Range
  | Relation;

/** Leaves that mathjs adds (the `end` of a range) have no token. */
function firstOf(nodes: readonly SyntaxNode[]): number {
  for (const node of nodes) if (node.first >= 0) return node.first;
  return -1;
}

function lastOf(nodes: readonly SyntaxNode[]): number {
  for (let i = nodes.length - 1; i >= 0; i--) {
    const last = nodes[i]?.last ?? -1;
    if (last >= 0) return last;
  }
  return -1;
}
