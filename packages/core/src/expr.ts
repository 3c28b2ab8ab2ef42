import type { DType } from "./dtype.ts";
import type { Op } from "./op.ts";
import * as fluent from "./ops/fluent.ts";
import { type Dim, formatShape, type Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Shape and element type of a value. */
export interface Type {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A fixed parameter of a node: part of its identity. */
export type Attribute =
  | number
  | string
  | boolean
  | undefined
  | null
  | Tensor
  | Lambda
  | ((...args: never[]) => unknown)
  | readonly Attribute[]
  | { readonly [name: string]: Attribute };

/** The fixed parameters of a node. */
export type Attributes = { readonly [name: string]: Attribute };

/** No attributes. */
export const NONE: Attributes = Object.freeze({});

/** A scalar expression: its value is a number. */
export interface Scalar extends Expr {
  readonly shape: readonly [];
}

/** What operations take: expressions, and numbers, which adopt the type of their partner. */
export type Operand = Expr | number;

let created = 0;

/**
 * A node of the graph: an operation applied to arguments.
 *
 * Immutable and hash-consed: building the same node twice gives the same object, so `===` is
 * structural equality. Every node is known to its newest argument that is no constant, which keeps
 * it alive; a graph whose leaves nobody holds is reclaimed.
 */
export class Expr {
  readonly op: Op;
  readonly args: readonly Expr[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Order of creation: arguments are older than their users. @internal */
  readonly id: number;
  /** The attributes as text, for comparison. @internal */
  readonly key: string;
  /** The nodes this one knows: see `ownerOf`. @internal */
  users: undefined | Expr | Expr[] | Map<number, Expr | Expr[]>;
  /** Position in the traversal that wrote it last; see `Order`. @internal */
  position: number;

  /** @internal Nodes are made by `apply`, so that equal ones are one. */
  constructor(op: Op, args: readonly Expr[], attributes: Attributes, key: string, type: Type) {
    this.op = op;
    this.args = args;
    this.attributes = attributes;
    this.shape = type.shape;
    this.dtype = type.dtype;
    this.id = created++;
    this.key = key;
    this.users = undefined;
    this.position = 0;
  }

  /** `this + other` */
  add(this: Scalar, other: Scalar | number): Scalar;
  add(other: Operand): Expr;
  add(other: Operand): Expr {
    return fluent.add(this, other);
  }

  /** `this − other` */
  sub(this: Scalar, other: Scalar | number): Scalar;
  sub(other: Operand): Expr;
  sub(other: Operand): Expr {
    return fluent.sub(this, other);
  }

  /** `this · other` */
  mul(this: Scalar, other: Scalar | number): Scalar;
  mul(other: Operand): Expr;
  mul(other: Operand): Expr {
    return fluent.mul(this, other);
  }

  /** `this / other` */
  div(this: Scalar, other: Scalar | number): Scalar;
  div(other: Operand): Expr;
  div(other: Operand): Expr {
    return fluent.div(this, other);
  }

  /** `this ^ other` */
  pow(this: Scalar, other: Scalar | number): Scalar;
  pow(other: Operand): Expr;
  pow(other: Operand): Expr {
    return fluent.pow(this, other);
  }

  /** `−this` */
  neg(this: Scalar): Scalar;
  neg(): Expr;
  neg(): Expr {
    return fluent.neg(this);
  }

  /** `this²` */
  square(this: Scalar): Scalar;
  square(): Expr;
  square(): Expr {
    return fluent.square(this);
  }

  /** `√this` */
  sqrt(this: Scalar): Scalar;
  sqrt(): Expr;
  sqrt(): Expr {
    return fluent.sqrt(this);
  }

  /** `e ^ this` */
  exp(this: Scalar): Scalar;
  exp(): Expr;
  exp(): Expr {
    return fluent.exp(this);
  }

  /** `ln this` */
  log(this: Scalar): Scalar;
  log(): Expr;
  log(): Expr {
    return fluent.log(this);
  }

  /** `sin this` */
  sin(this: Scalar): Scalar;
  sin(): Expr;
  sin(): Expr {
    return fluent.sin(this);
  }

  /** `cos this` */
  cos(this: Scalar): Scalar;
  cos(): Expr;
  cos(): Expr {
    return fluent.cos(this);
  }

  /** `tanh this` */
  tanh(this: Scalar): Scalar;
  tanh(): Expr;
  tanh(): Expr {
    return fluent.tanh(this);
  }

  /** `σ(this)` */
  sigmoid(this: Scalar): Scalar;
  sigmoid(): Expr;
  sigmoid(): Expr {
    return fluent.sigmoid(this);
  }

  /** Sum over some axes, or all. */
  sum(axes?: number | readonly number[], options?: { keepDims?: boolean }): Expr {
    return fluent.sum(this, axes, options);
  }

  /** Matrix product. */
  matmul(other: Operand): Expr {
    return fluent.matmul(this, other);
  }

  /** The same elements in another shape. */
  reshape(shape: readonly Dim[]): Expr {
    return fluent.reshape(this, shape);
  }

  /** Axes in another order, reversed by default. */
  transpose(permutation?: readonly number[]): Expr {
    return fluent.transpose(this, permutation);
  }

  /** A short description for debuggers, of bounded length; `toText` of render prints in full. */
  toString(): string {
    return `${this.op.name}${formatShape(this.shape)}`;
  }
}

/** A closed sub-graph: its inputs are positions, so equal bodies are one. */
export class Lambda {
  readonly inputs: readonly Type[];
  readonly outputs: readonly Expr[];

  constructor(inputs: readonly Type[], outputs: readonly Expr[]) {
    this.inputs = inputs;
    this.outputs = outputs;
  }
}
