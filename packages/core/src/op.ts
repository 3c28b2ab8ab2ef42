import type {
  EvaluationContext,
  ForwardContext,
  ReverseContext,
  ScalarizeContext,
  TupleElements,
  TupleValue,
} from "./context.ts";
import { type DType, promote } from "./dtype.ts";
import { evaluateElementwise } from "./elementwise.ts";
import { DTypeError } from "./errors.ts";
import type { Attributes, Expr, Operand, Scalar, Type } from "./expr.ts";
import { apply } from "./intern.ts";
import type { Notation } from "./notation.ts";
import { operands } from "./operands.ts";
import { broadcastShapes, SCALAR, type Shape } from "./shape.ts";
import type { Value } from "./tensor.ts";

export type {
  Elements,
  EvaluationContext,
  ForwardContext,
  ReverseContext,
  ScalarizeContext,
  TupleElements,
  TupleValue,
} from "./context.ts";

/** Closed range of test points `[low, high]`; `integer` keeps to whole numbers. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly integer?: boolean;
}

/** Points from `low` to `high`. */
export function interval(low: number, high: number): Interval {
  return { low, high };
}

/** Numbers of ordinary size and either sign. */
export const real: Interval = { low: -4, high: 4 };

/** Numbers safely above zero. */
export const positive: Interval = { low: 0.1, high: 6 };

/** Exact values at kinks, edges and tails, where differences cannot decide. */
export interface Example {
  /** The arguments. */
  readonly at: readonly number[];
  /** The value there; compared with `Object.is`-equality, or to 4 ulp when not an edge. */
  readonly value?: number;
  /** The partials there, one an argument; `undefined` for none to check. */
  readonly partials?: readonly (number | undefined)[];
  /** Attributes the example is about. */
  readonly attributes?: Attributes;
}

/** Local partial derivative of an elementwise op, from its arguments, its output and attributes. */
export type Partial = (...argsOutAttributes: never[]) => Expr;

/** The elementwise part of an op: one number from one number an argument. */
export interface Elementwise {
  /** Called with one number an argument and then the attributes. */
  readonly kernel: (...values: never[]) => number;
  /** Product of 32-bit integers and the like, where doubles would lose digits. */
  readonly integer?: (...values: never[]) => number;
  /** One an argument; `null` where no derivative passes (conditions). */
  readonly partials: readonly (Partial | null)[];
  /** A form to show beside the form to compute, equal in exact arithmetic. */
  readonly shown?: readonly (Partial | null)[];
}

/** Contributions to the adjoints of a node's arguments; `undefined` where nothing flows. */
export type Contributions = readonly (Expr | undefined)[];

/** The one definition of an operation. */
export interface Op {
  readonly name: string;
  /** Number of arguments; `undefined` for any. */
  readonly arity: number | undefined;
  /** Shape and element type of the result. Throws ShapeError or DTypeError. */
  readonly infer: (args: readonly Expr[], attributes: Attributes) => Type;
  /** Types of the results of an op that has several; each is read by `item`. */
  readonly items?: (args: readonly Expr[], attributes: Attributes) => readonly Type[];
  /** Reference semantics. */
  readonly evaluate: (
    values: readonly TupleValue[],
    node: Expr,
    context: EvaluationContext,
  ) => TupleValue;
  readonly elementwise?: Elementwise;
  /** Reverse rule. `adjoint` has the shape of the node; `wanted[i]` tells which are needed. */
  readonly vjp?: (
    node: Expr,
    adjoint: Expr,
    wanted: readonly boolean[],
    context: ReverseContext,
  ) => Contributions;
  /** Reverse rule of an op with several results: one adjoint a result. */
  readonly vjpItems?: (
    node: Expr,
    adjoints: readonly (Expr | undefined)[],
    wanted: readonly boolean[],
    context: ReverseContext,
  ) => Contributions;
  /** Forward rule. `tangents[i]` is `undefined` where the argument does not vary. */
  readonly jvp?: (
    node: Expr,
    tangents: readonly (Expr | undefined)[],
    context: ForwardContext,
  ) => Expr | undefined;
  /** Forward rule of an op with several results. */
  readonly jvpItems?: (
    node: Expr,
    tangents: readonly (Expr | undefined)[],
    context: ForwardContext,
  ) => readonly (Expr | undefined)[];
  /** Local partial by one argument, of an op on scalars that is not elementwise: for display. */
  readonly partial?: (node: Expr, index: number, context: ReverseContext) => Expr | undefined;
  /** Value-safe rewrite applied to nodes that differentiation makes. */
  readonly fold?: (args: readonly Expr[], attributes: Attributes) => Expr | undefined;
  readonly notation: Notation;
  /** Name of its rule of differentiation; told from the notation where it is not given. */
  readonly rule?: string;
  /** Why its derivative may be nearly or exactly 0: it levels off, or is flat on one side. */
  readonly flat?: "saturates" | "rectifies";
  /** Where random tests may take each argument from. */
  readonly domain?: readonly Interval[];
  readonly examples?: readonly Example[];
  /** The result's elements as scalar graphs of the arguments' elements. */
  readonly elements?: (
    node: Expr,
    args: readonly TupleElements[],
    context: ScalarizeContext,
  ) => TupleElements;
  /** The result's elements are the first argument's (or 0), only moved: see `scalarize`. */
  readonly moves?: boolean;
  /** The same value by other ops, for compilers and exporters without an instruction for it. */
  readonly lower?: (node: Expr) => Expr;
}

/** A function that builds nodes, with its op as a property. */
export type WithOp<F> = F & { readonly op: Op };

/** `f(x)` */
export type Unary = WithOp<{
  (x: Scalar | number): Scalar;
  (x: Operand): Expr;
}>;

/** `f(a, b)`; shapes broadcast. */
export type Binary = WithOp<{
  (a: Scalar | number, b: Scalar | number): Scalar;
  (a: Operand, b: Operand): Expr;
}>;

/** `f(a, b, c)`; shapes broadcast. */
export type Ternary = WithOp<{
  (a: Scalar | number, b: Scalar | number, c: Scalar | number): Scalar;
  (a: Operand, b: Operand, c: Operand): Expr;
}>;

/**
 * An op with the function that builds its nodes.
 *
 * `build` receives the op and returns that function, which checks its arguments and calls `apply`.
 */
// @__NO_SIDE_EFFECTS__
export function defineOp<F extends (...args: never[]) => unknown>(
  op: Op,
  build: (op: Op) => F,
): WithOp<F> {
  return Object.assign(build(op), { op });
}

/** Which element type an elementwise op gives. */
export type ResultType = "same" | "float" | "bool";

interface ElementwiseSpec {
  readonly name: string;
  readonly notation: Notation;
  readonly domain: readonly Interval[];
  /**
   * `same` (default): the promoted type of the arguments, truth values counted as integers;
   * `float`: integers become f64; `bool`: a truth value.
   */
  readonly result?: ResultType;
  /** Arguments that select and do not take part in promotion (conditions). */
  readonly conditions?: number;
  readonly fold?: NonNullable<Op["fold"]>;
  readonly vjp?: NonNullable<Op["vjp"]>;
  readonly jvp?: NonNullable<Op["jvp"]>;
  readonly lower?: NonNullable<Op["lower"]>;
  readonly examples?: readonly Example[];
  readonly flat?: "saturates" | "rectifies";
  readonly rule?: string;
}

/** Specification of `f(x)`: kernel and partials also receive the attributes, last. */
export interface UnarySpec extends ElementwiseSpec {
  readonly evaluate: (x: number, attributes: Attributes) => number;
  readonly integer?: (x: number) => number;
  readonly partials: readonly [((x: Expr, out: Expr, attributes: Attributes) => Expr) | null];
  readonly shown?: readonly [((x: Expr, out: Expr, attributes: Attributes) => Expr) | null];
}

type BinaryPartial = (a: Expr, b: Expr, out: Expr, attributes: Attributes) => Expr;

/** Specification of `f(a, b)`. */
export interface BinarySpec extends ElementwiseSpec {
  readonly evaluate: (a: number, b: number, attributes: Attributes) => number;
  readonly integer?: (a: number, b: number) => number;
  readonly partials: readonly [BinaryPartial | null, BinaryPartial | null];
  readonly shown?: readonly [BinaryPartial | null, BinaryPartial | null];
}

type TernaryPartial = (a: Expr, b: Expr, c: Expr, out: Expr, attributes: Attributes) => Expr;

/** Specification of `f(a, b, c)`. */
export interface TernarySpec extends ElementwiseSpec {
  readonly evaluate: (a: number, b: number, c: number, attributes: Attributes) => number;
  readonly integer?: (a: number, b: number, c: number) => number;
  readonly partials: readonly [TernaryPartial | null, TernaryPartial | null, TernaryPartial | null];
  readonly shown?: readonly [TernaryPartial | null, TernaryPartial | null, TernaryPartial | null];
}

/** An elementwise op from its kernel and its local partial derivatives. */
// @__NO_SIDE_EFFECTS__
export function elementwise(spec: UnarySpec): Unary;
export function elementwise(spec: BinarySpec): Binary;
export function elementwise(spec: TernarySpec): Ternary;
export function elementwise(spec: UnarySpec | BinarySpec | TernarySpec): Unary | Binary | Ternary {
  const op = elementwiseOp(spec);
  const arity = spec.partials.length;
  const build = (...args: readonly Operand[]): Expr => {
    if (args.length !== arity) {
      throw new DTypeError(`${op.name}: ${arity} arguments must be given, got ${args.length}`);
    }
    return apply(op, operands(op.name, args));
  };
  return Object.assign(build, { op }) as Unary & Binary & Ternary;
}

/** The op of an elementwise specification, for builders that also take attributes. */
// @__NO_SIDE_EFFECTS__
export function elementwiseOp(spec: UnarySpec | BinarySpec | TernarySpec): Op {
  const { name, evaluate, integer, partials, shown, result, conditions, ...rest } = spec;
  const rule: Elementwise = {
    kernel: evaluate,
    partials: partials as Elementwise["partials"],
    ...(integer === undefined ? {} : { integer }),
    ...(shown === undefined ? {} : { shown: shown as Elementwise["partials"] }),
  };
  return {
    ...rest,
    name,
    arity: partials.length,
    infer: (args) => inferElementwise(name, args, result ?? "same", conditions ?? 0),
    evaluate: (values, node, context) =>
      evaluateElementwise(rule, values as readonly Value[], node, context.sizes),
    elementwise: rule,
  };
}

function inferElementwise(
  name: string,
  args: readonly Expr[],
  result: ResultType,
  conditions: number,
): Type {
  const first = args[0] as Expr;
  let shape: Shape = first.shape;
  let dtype: DType = conditions > 0 ? "bool" : first.dtype;
  for (let i = 1; i < args.length; i++) {
    const arg = args[i] as Expr;
    if (arg.shape !== SCALAR) shape = broadcastShapes(name, shape, arg.shape);
    if (i >= conditions && arg.dtype !== dtype) dtype = promote(dtype, arg.dtype);
  }
  if (result === "bool") dtype = "bool";
  else if (result === "float" && (dtype === "i32" || dtype === "bool")) dtype = "f64";
  else if (dtype === "bool" && conditions === 0) dtype = "i32";
  return { shape, dtype };
}
