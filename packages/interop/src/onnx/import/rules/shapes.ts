import {
  ArgumentError,
  add,
  broadcastTo,
  cast,
  constant,
  type Dim,
  type Expr,
  full,
  iota,
  mul,
  reshape,
  Tensor,
} from "@chainrule/core";
import { readAs } from "../importState.ts";
import { asExpr, Known, type OnnxValue } from "../known.ts";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";
import { constantFrom, dtypeFrom } from "../tensors.ts";

/** A shape as sizes that are known. */
const shape: ImportRule = (n) => {
  const { shape: all } = asExpr(n.value(0));
  const at = (place: number): number =>
    Math.min(Math.max(place < 0 ? place + all.length : place, 0), all.length);
  const [start, end] = [n.attributes.number("start", 0), n.attributes.number("end", all.length)];
  const sizes = all.slice(at(start), at(end));
  return new Known([sizes.length], sizes);
};

/** How many elements there are, where no size is named. */
const size: ImportRule = (n) => {
  const { shape: all } = asExpr(n.value(0));
  const named = all.filter((dim) => typeof dim === "string");
  const rest = all.reduce<number>((count, dim) => count * (typeof dim === "number" ? dim : 1), 1);
  const [only, ...more] = named;
  if (only === undefined) return new Known([], [rest]);
  if (more.length === 0 && rest === 1) return new Known([], [only]);
  throw new ArgumentError(
    `a product of sizes must be a number, got ${all.join(" · ")} (options.sizes fixes named ones)`,
  );
};

/** The shape asked for; 0 keeps a size, −1 is what is left. */
const reshaped: ImportRule = (n) => {
  const x = n.x();
  const wanted = n.attributes.has("shape") ? n.attributes.numbers("shape") : n.sizes(1);
  const zero = n.attributes.number("allowzero", 0) !== 0;
  const kept = wanted.map((dim, axis) => {
    if (dim !== 0 || zero) return dim;
    const own = x.shape[axis];
    if (own !== undefined) return own;
    throw new ArgumentError(`0 must stand for a size of the input, got it for axis ${axis}`);
  });
  return reshape(x, kept);
};

/** Two axes: those before `axis` as one, and the others as one. */
const flatten: ImportRule = (n) => {
  const x = n.x();
  const rank = x.shape.length;
  const given = n.attributes.number("axis", 1);
  const axis = given < 0 ? given + rank : given;
  const first = x.shape.slice(0, axis);
  if (first.length === 1) return reshape(x, [first[0] as Dim, -1]);
  const last = x.shape.slice(axis);
  if (last.length === 1) return reshape(x, [-1, last[0] as Dim]);
  return reshape(x, [product(first), product(last)]);
};

function product(sizes: readonly Dim[]): number {
  return sizes.reduce<number>((count, dim) => {
    if (typeof dim === "number") return count * dim;
    throw new ArgumentError(
      `a product of sizes must be a number, got ${sizes.join(" · ")} (options.sizes fixes named ones)`,
    );
  }, 1);
}

/** One number in every place. */
const filled: ImportRule = (n) => {
  const sizes = n.sizes(0);
  if (!n.attributes.has("value")) return n.graph.floats(full(0, sizes, "f32"));
  const value = n.graph.constant(n.attributes.tensor("value"));
  const one = asExpr(value);
  const scalar = one.shape.length === 0 ? one : reshape(one, []);
  return broadcastTo(scalar, sizes);
};

const constantRule: ImportRule = (n) => {
  const { attributes, graph } = n;
  const floats = (numbers: readonly number[], dims: readonly number[]): OnnxValue =>
    graph.floats(constantFrom(new Tensor(dims, Float32Array.from(numbers), "f32")));
  if (attributes.has("value")) return graph.constant(attributes.tensor("value"));
  if (attributes.has("value_float")) return floats([attributes.number("value_float")], []);
  if (attributes.has("value_int")) return new Known([], [attributes.number("value_int")]);
  if (attributes.has("value_floats")) {
    const numbers = attributes.numbers("value_floats");
    return floats(numbers, [numbers.length]);
  }
  if (attributes.has("value_ints")) {
    const numbers = attributes.numbers("value_ints");
    return new Known([numbers.length], numbers);
  }
  throw new ArgumentError("a constant must be numbers, got another kind of value");
};

/** `start, start + delta, …` before `limit`; a named limit from 0 on in steps of 1. */
const range: ImportRule = (n) => {
  const named = namedLimit(n.value(1));
  if (named !== undefined) {
    if (n.number(0) !== 0 || n.number(2) !== 1) {
      throw new ArgumentError(
        "up to a named size numbers must run from 0 in steps of 1, got others",
      );
    }
    return iota(named, n.x(0).dtype);
  }
  const [start, end, step] = [n.number(0), n.number(1), n.number(2)];
  const count = Math.max(Math.ceil((end - start) / step), 0);
  if (!Number.isSafeInteger(count)) {
    throw new ArgumentError(`the steps must not be 0, got ${start}, ${end}, ${step}`);
  }
  const { dtype } = n.x(0);
  if (dtype === "i32" && count <= 4096) {
    return new Known(
      [count],
      Array.from({ length: count }, (_, i) => start + i * step),
    );
  }
  return add(start, mul(step, cast(iota(count), dtype)));
};

/** The name of a size, which may have been made a float. */
function namedLimit(value: OnnxValue): string | undefined {
  if (value instanceof Known) {
    const [only] = value.items;
    return typeof only === "string" ? only : undefined;
  }
  const inner = value.op.name === "cast" ? (value.args[0] as Expr) : value;
  return inner.op.name === "dimension" ? (inner.attributes["name"] as string) : undefined;
}

const eyeLike: ImportRule = (n: NodeReading) => {
  const x = n.x();
  const to = n.attributes.has("dtype") ? dtypeFrom(n.attributes.number("dtype")) : x.dtype;
  const [rows, columns] = x.shape.map((dim) => {
    if (typeof dim === "number") return dim;
    throw new ArgumentError(`sizes must be numbers, got ${dim}`);
  }) as [number, number];
  const shift = n.attributes.number("k", 0);
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    if (i + shift >= 0 && i + shift < columns) data[i * columns + i + shift] = 1;
  }
  return cast(constant(new Tensor([rows, columns], data, "f64")), readAs(n.graph.state, to));
};

/** Shapes, sizes and constants. */
export const shapes: ImportRules = {
  Constant: constantRule,
  ConstantOfShape: filled,
  Expand: (n) => expand(n.x(0), n.sizes(1)),
  EyeLike: eyeLike,
  Flatten: flatten,
  Range: range,
  Reshape: reshaped,
  Shape: shape,
  Size: size,
  Squeeze: (n) => {
    const x = n.x();
    const rank = x.shape.length;
    const places = n.places("axes", 1);
    const gone =
      places === undefined
        ? x.shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
        : n.axes(places, rank);
    const wrong = gone.filter((axis) => x.shape[axis] !== 1);
    if (wrong.length > 0) {
      throw new ArgumentError(`squeezed axes must have length 1, got [${x.shape.join(", ")}]`);
    }
    return reshape(
      x,
      x.shape.filter((_, axis) => !gone.includes(axis)),
    );
  },
  Unsqueeze: (n) => {
    const x = n.x();
    const places = n.places("axes", 1) ?? [];
    const rank = x.shape.length + places.length;
    const made = n.axes(places, rank);
    let next = 0;
    const sizes = Array.from({ length: rank }, (_, axis) =>
      made.includes(axis) ? 1 : (x.shape[next++] as Dim),
    );
    return reshape(x, sizes);
  },
};

/** Repeats along axes of length 1; where the shape says 1, the length stays. */
function expand(x: Expr, wanted: readonly Dim[]): Expr {
  const rank = Math.max(x.shape.length, wanted.length);
  const at = (dims: readonly Dim[], axis: number): Dim => dims[axis - (rank - dims.length)] ?? 1;
  const sizes = Array.from({ length: rank }, (_, axis) => {
    const asked = at(wanted, axis);
    return asked === 1 || asked === -1 ? at(x.shape, axis) : asked;
  });
  return broadcastTo(x, sizes);
}
