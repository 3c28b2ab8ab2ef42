import {
  ArgumentError,
  allocate,
  cast,
  constant,
  type Dim,
  dimension,
  type Expr,
  reshape,
  stack,
  Tensor,
} from "@chainrule/core";

/** A value while a model is read: an expression, or whole numbers that are known already. */
export type OnnxValue = Expr | Known;

/**
 * Whole numbers, truth values and sizes that are known while a model is read; a size may be a name.
 *
 * ONNX computes shapes by nodes of the graph; here they are numbers, and never become nodes unless
 * something else reads them.
 */
export class Known {
  readonly shape: readonly number[];
  readonly items: readonly Dim[];
  /** Whether these are truth values, 0 and 1. */
  readonly truth: boolean;
  /** The stored tensor that these come from, to be named in errors. */
  readonly source: string | undefined;
  #expr: Expr | undefined;

  constructor(shape: readonly number[], items: readonly Dim[], truth = false, source?: string) {
    this.shape = shape;
    this.items = items;
    this.truth = truth;
    this.source = source;
  }

  /** The items if all are numbers. */
  get numbers(): readonly number[] | undefined {
    return this.items.every((item) => typeof item === "number")
      ? (this.items as readonly number[])
      : undefined;
  }

  /** The same as an expression of i32 or truth values. Throws ArgumentError for a number beyond 32 bits. */
  get expr(): Expr {
    this.#expr ??= exprOf(this);
    return this.#expr;
  }
}

/** A value as an expression. */
export function asExpr(value: OnnxValue): Expr {
  return value instanceof Known ? value.expr : value;
}

function exprOf({ shape, items, truth, numbers, source }: Known): Expr {
  if (numbers === undefined) {
    const parts = items.map((item, i) =>
      typeof item === "string" ? dimension(item, "i32") : constant(int32(item, i, source), "i32"),
    );
    const [only] = parts;
    return shape.length === 0 ? (only as Expr) : reshape(stack(parts), shape);
  }
  return constantOf(shape, numbers, truth, source);
}

/** Whole numbers as a constant of i32, or of truth values. Throws ArgumentError for one beyond 32 bits. */
export function constantOf(
  shape: readonly number[],
  numbers: ArrayLike<number>,
  truth: boolean,
  source: string | undefined,
): Expr {
  const data = allocate(truth ? "bool" : "i32", numbers.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = truth ? Number(numbers[i] !== 0) : int32(numbers[i] as number, i, source);
  }
  if (shape.length > 0) return constant(new Tensor(shape, data, truth ? "bool" : "i32"));
  const only = constant(data[0] as number, "i32");
  return truth ? cast(only, "bool") : only;
}

/** Throws ArgumentError unless a whole number fits in 32 bits: indices are i32 here. */
function int32(value: number, at: number, source: string | undefined): number {
  if (value === (value | 0)) return value;
  const shown = Number.isSafeInteger(value) ? value : `about ${value.toPrecision(4)}`;
  const where = source === undefined || source === "" ? "" : ` of ${JSON.stringify(source)}`;
  throw new ArgumentError(
    `a whole number must fit in 32 bits, got ${shown} at place ${at}${where}`,
  );
}
