import type { MathNode } from "mathjs";
import * as mathjs from "mathjs";

type Class = new (...args: never[]) => MathNode;

/** The classes of mathjs that trees are made of; every instance of mathjs has its own. */
export interface MathjsClasses {
  readonly ArrayNode: Class;
  readonly ConditionalNode: Class;
  readonly ConstantNode: Class;
  readonly FunctionNode: Class;
  readonly OperatorNode: Class;
  readonly ParenthesisNode: Class;
  readonly SymbolNode: Class;
}

const all = mathjs as unknown as MathjsClasses;

/** Those of `import … from "mathjs"`. */
export const defaultClasses: MathjsClasses = {
  ArrayNode: all.ArrayNode,
  ConditionalNode: all.ConditionalNode,
  ConstantNode: all.ConstantNode,
  FunctionNode: all.FunctionNode,
  OperatorNode: all.OperatorNode,
  ParenthesisNode: all.ParenthesisNode,
  SymbolNode: all.SymbolNode,
};

/** A builder of mathjs's nodes. */
export class MathjsBuilder {
  readonly #classes: MathjsClasses;

  constructor(classes: MathjsClasses) {
    this.#classes = classes;
  }

  /** A number; a negative one is written with its sign, so that `(-2)^2` gets its parentheses. */
  number(value: number): MathNode {
    const negative = value < 0 || Object.is(value, -0);
    if (negative) return this.operator("-", "unaryMinus", [this.number(-value)]);
    return this.#make("ConstantNode", value);
  }

  boolean(value: boolean): MathNode {
    return this.#make("ConstantNode", value);
  }

  symbol(name: string): MathNode {
    return this.#make("SymbolNode", name);
  }

  operator(sign: string, fn: string, args: readonly MathNode[]): MathNode {
    return this.#make("OperatorNode", sign, fn, args);
  }

  call(name: string, args: readonly MathNode[]): MathNode {
    return this.#make("FunctionNode", this.symbol(name), args);
  }

  group(inner: MathNode): MathNode {
    return this.#make("ParenthesisNode", inner);
  }

  conditional(args: readonly MathNode[]): MathNode {
    return this.#make("ConditionalNode", ...args);
  }

  list(items: readonly MathNode[]): MathNode {
    return this.#make("ArrayNode", items);
  }

  #make(kind: keyof MathjsClasses, ...args: readonly unknown[]): MathNode {
    return new this.#classes[kind](...(args as never[]));
  }
}
