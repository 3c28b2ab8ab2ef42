import { allocate, type DType, isFloat, roundTo } from "../dtype.ts";
import { ArgumentError, describe, EvaluationError } from "../errors.ts";
import type { Expr, Scalar } from "../expr.ts";
import { apply, applyLeaf, applyUnique } from "../intern.ts";
import { defineOp, type Op, type WithOp } from "../op.ts";
import { checkType } from "../operands.ts";
import { resolveShape, SCALAR, type Shape } from "../shape.ts";
import { asValue, fromNested, type Nested, Tensor, type Value } from "../tensor.ts";

const leaf = { form: "leaf" } as const;

function unbound(kind: string): Op["evaluate"] {
  return (_values, node) => {
    throw new EvaluationError(`evaluate: ${kind} must be bound, got none for ${node.toString()}`);
  };
}

function typeOf(node: { shape: Shape; dtype: DType }): { shape: Shape; dtype: DType } {
  return { shape: node.shape, dtype: node.dtype };
}

/** What a name may be: not empty, not endless. Anything else is text, escaped where printed. */
const NAME_LIMIT = 10_000;

function checkName(where: string, name: unknown): asserts name is string {
  if (typeof name !== "string" || name.length === 0 || name.length > NAME_LIMIT) {
    throw new ArgumentError(
      `${where}: a name must be a text of 1 to ${NAME_LIMIT} characters, got ${describe(name)}`,
    );
  }
}

interface VariableBuilder {
  (name: string): Scalar;
  (name: string, shape: readonly [], dtype?: DType): Scalar;
  (name: string, shape: Shape, dtype?: DType): Expr;
}

/** A named input. Name, shape and element type together are its identity. */
export const variable: WithOp<VariableBuilder> = defineOp(
  {
    name: "variable",
    arity: 0,
    infer: (_args, attributes) => typeOf(attributes as never),
    evaluate: unbound("a variable"),
    notation: leaf,
  },
  (op) =>
    ((name: string, shape: Shape = SCALAR, dtype: DType = "f64"): Expr => {
      checkName("variable", name);
      const type = checkType("variable", shape, dtype);
      return applyLeaf(op, { name, ...type }, `${dtype}[${type.shape.join()}]${name}`);
    }) as VariableBuilder,
);

/** A scalar variable. */
export function scalar(name: string, dtype: DType = "f64"): Scalar {
  return variable(name, SCALAR, dtype);
}

interface ParameterBuilder {
  (label: string, shape?: readonly [], dtype?: DType): Scalar;
  (label: string, shape: Shape, dtype?: DType): Expr;
}

/** An input that is itself: two parameters of one label are two inputs. */
export const parameter: WithOp<ParameterBuilder> = defineOp(
  {
    name: "parameter",
    arity: 0,
    infer: (_args, attributes) => typeOf(attributes as never),
    evaluate: unbound("a parameter"),
    notation: leaf,
  },
  (op) =>
    ((label: string, shape: Shape = SCALAR, dtype: DType = "f64"): Expr => {
      checkName("parameter", label);
      return applyUnique(op, { name: label, ...checkType("parameter", shape, dtype) });
    }) as ParameterBuilder,
);

/** An input of a closed sub-graph, known by its position. */
export const argument: WithOp<(index: number, shape?: Shape, dtype?: DType) => Expr> = defineOp(
  {
    name: "argument",
    arity: 0,
    infer: (_args, attributes) => typeOf(attributes as never),
    evaluate: unbound("an argument"),
    notation: leaf,
  },
  (op) =>
    (index: number, shape: Shape = SCALAR, dtype: DType = "f64"): Expr =>
      apply(op, [], { index, ...checkType("argument", shape, dtype) }),
);

interface ConstantBuilder {
  (value: number, dtype?: DType): Scalar;
  (value: Nested | Tensor, dtype?: DType): Expr;
}

/** A number, or an array of numbers given nested or as a tensor. */
export const constant: WithOp<ConstantBuilder> = defineOp(
  {
    name: "constant",
    arity: 0,
    infer: (_args, { value, dtype }) =>
      value instanceof Tensor
        ? { shape: value.shape, dtype: value.dtype }
        : { shape: SCALAR, dtype: dtype as DType },
    evaluate: (_values, { attributes }) => attributes["value"] as Value,
    notation: leaf,
  },
  (op) =>
    ((value: Nested | Tensor, dtype?: DType): Expr => {
      if (typeof value === "number") return number(op, value, dtype ?? "f64");
      const tensor =
        value instanceof Tensor ? value : fromNested("constant", value, dtype ?? "f64");
      const own = asValue(copy(tensor, dtype ?? tensor.dtype));
      return apply(op, [], { value: own, dtype: dtype ?? tensor.dtype });
    }) as ConstantBuilder,
);

/** Whole numbers from −LITTLE to LITTLE are at hand without a look-up: every rule uses some. */
const LITTLE = 16;

const little: Record<DType, Expr[]> = { f64: [], f32: [], i32: [], bool: [] };

function number(op: Op, value: number, dtype: DType): Expr {
  const rounded = roundTo(dtype, value);
  const near = Number.isInteger(rounded) && Math.abs(rounded) <= LITTLE;
  if (!near || Object.is(rounded, -0)) return newNumber(op, rounded, dtype);
  const cache = little[dtype];
  const known = cache[rounded + LITTLE];
  if (known !== undefined) return known;
  const made = newNumber(op, rounded, dtype);
  cache[rounded + LITTLE] = made;
  return made;
}

function newNumber(op: Op, value: number, dtype: DType): Expr {
  return applyLeaf(op, { value, dtype }, `${dtype} ${Object.is(value, -0) ? "-0" : value}`);
}

/** A constant keeps its own elements: a caller's later writes do not reach it. */
function copy({ shape, data }: Tensor, dtype: DType): Tensor {
  const own = allocate(dtype, data.length);
  for (let i = 0; i < data.length; i++) own[i] = roundTo(dtype, data[i] as number);
  return new Tensor(shape, own, dtype);
}

/** The number of a scalar literal; `undefined` for every other expression. */
export function literalValue(expr: Expr): number | undefined {
  if (expr.op !== constant.op) return undefined;
  const { value } = expr.attributes;
  return typeof value === "number" ? value : undefined;
}

const namedConstantOp: Op = {
  name: "namedConstant",
  arity: 0,
  infer: () => ({ shape: SCALAR, dtype: "f64" }),
  evaluate: (_values, { attributes }) => attributes["value"] as number,
  notation: leaf,
};

interface NamedConstant {
  readonly name: string;
  readonly value: number;
}

const PI: NamedConstant = { name: "pi", value: Math.PI };
const E: NamedConstant = { name: "e", value: Math.E };
const TAU: NamedConstant = { name: "tau", value: 2 * Math.PI };

/** A mathematical constant that stays a symbol: `pi`, `e` or `tau`. */
export const namedConstant: WithOp<(name: "pi" | "e" | "tau") => Scalar> = defineOp(
  namedConstantOp,
  (op) => (name) => {
    const known = [PI, E, TAU].find((candidate) => candidate.name === name);
    if (known === undefined) {
      throw new ArgumentError(`namedConstant: name must be pi, e or tau, got ${describe(name)}`);
    }
    return apply(op, [], { ...known }) as Scalar;
  },
);

/** The number of elements along a named size. */
export const dimension: WithOp<(name: string, dtype?: DType) => Scalar> = defineOp(
  {
    name: "dimension",
    arity: 0,
    infer: (_args, { dtype }) => ({ shape: SCALAR, dtype: dtype as DType }),
    evaluate: (_values, { attributes }, { sizes }) =>
      resolveShape("dimension", [attributes["name"] as string], sizes)[0] as number,
    elements: ({ attributes, dtype }, _args, { sizes }) => {
      const [size] = resolveShape("dimension", [attributes["name"] as string], sizes);
      return { shape: [], items: [constant(size as number, dtype)] };
    },
    notation: leaf,
  },
  (op) =>
    (name, dtype = "f64"): Scalar => {
      checkType("dimension", [name], dtype);
      return apply(op, [], { name, dtype }) as Scalar;
    },
);

/** Whether derivatives by this expression exist. */
export function isDifferentiable(expr: Expr): boolean {
  return isFloat(expr.dtype);
}
