import { add, broadcastTo, constant, type Dim, Expr, evaluate, Tensor } from "@chainrule/core";
import { Known, type OnnxValue } from "./known.ts";
import { computed, elementsOf, type ImportRule, NodeReading } from "./nodeReading.ts";
import { dtypeFrom, MOST_KNOWN } from "./tensors.ts";

/** Operators that only move elements: what they do to places they do to sizes. */
const moving = new Set([
  "Concat",
  "Expand",
  "Flatten",
  "Gather",
  "GatherElements",
  "Identity",
  "Reshape",
  "Slice",
  "Split",
  "Squeeze",
  "Tile",
  "Transpose",
  "Unsqueeze",
]);

/** What is known of two sizes; `undefined` if the result has no name. */
type Symbolic = (a: Dim, b: Dim) => Dim | undefined;

const numeric =
  (f: (a: number, b: number) => number): Symbolic =>
  (a, b) =>
    typeof a === "number" && typeof b === "number" ? f(a, b) : undefined;

/** Named sizes are ≥ 0 and equal themselves; that is all that is known of them. */
const symbolic: Readonly<Record<string, Symbolic>> = {
  Add: (a, b) => (a === 0 ? b : b === 0 ? a : numeric((x, y) => x + y)(a, b)),
  Sub: (a, b) => (b === 0 ? a : a === b ? 0 : numeric((x, y) => x - y)(a, b)),
  Mul: (a, b) =>
    a === 1 ? b : b === 1 ? a : a === 0 || b === 0 ? 0 : numeric((x, y) => x * y)(a, b),
  Div: (a, b) => (b === 1 ? a : numeric((x, y) => Math.trunc(x / y))(a, b)),
  Equal: (a, b) => {
    if (a === b) return 1;
    const apart =
      typeof a === typeof b ? typeof a === "number" : (a as number) < 0 || (b as number) < 0;
    return apart ? 0 : undefined;
  },
};

/** The value of a node all of whose inputs are known, if it is known too. */
export function foldKnown(
  n: NodeReading,
  rule: ImportRule,
): OnnxValue | readonly OnnxValue[] | undefined {
  const { opType } = n.proto;
  const inputs = n.known();
  if (inputs === undefined || inputs.length === 0) return undefined;
  if (moving.has(opType)) return moved(n, inputs, rule);
  const named = inputs.some(({ numbers }) => numbers === undefined);
  if (named && opType === "Cast" && dtypeFrom(n.attributes.number("to")) === "i32") {
    return inputs[0];
  }
  const known = elementwise(opType, inputs);
  if (known !== undefined || named) return known;
  if (inputs.some(({ numbers }) => numbers?.some((item) => item !== (item | 0)))) return undefined;
  const made = rule(n);
  return made instanceof Expr ? (evaluated(made) ?? made) : (made as OnnxValue | OnnxValue[]);
}

/** Sizes moved as the places 0, 1, … are. */
function moved(
  n: NodeReading,
  inputs: readonly Known[],
  rule: ImportRule,
): OnnxValue | readonly OnnxValue[] | undefined {
  const many = n.proto.opType === "Concat";
  const sources = many ? inputs : inputs.slice(0, 1);
  const items = sources.flatMap((source) => source.items);
  if (items.length > MOST_KNOWN) return undefined;
  let start = 0;
  const places = sources.map(({ shape, items: own }) => {
    start += own.length;
    return placesFrom(start - own.length, shape, own.length);
  });
  const given = [...places, ...(many ? [] : inputs.slice(1))];
  // Inputs that are left out stay so.
  let next = 0;
  const all = n.proto.input.map((name) => (name === "" ? undefined : given[next++]));
  const made = rule(new NodeReading(n.proto, n.attributes, n.graph, all));
  const results = (
    made instanceof Expr || made instanceof Known ? [made] : made
  ) as readonly Expr[];
  const truth = sources.every((source) => source.truth);
  const found = results.map((result) => {
    if (!(elementsOf(result) <= MOST_KNOWN)) return undefined;
    const at = evaluate(result, {});
    const shape = at instanceof Tensor ? at.shape : [];
    const order = at instanceof Tensor ? Array.from(at.data) : [at as number];
    return new Known(
      shape,
      order.map((place) => items[place] as Dim),
      truth,
    );
  });
  return found.includes(undefined) ? undefined : (found as Known[]);
}

/** The places from `start` on as a constant. */
function placesFrom(start: number, shape: readonly number[], count: number): Expr {
  if (shape.length === 0) return constant(start, "i32");
  const data = Int32Array.from({ length: count }, (_, i) => start + i);
  return constant(new Tensor(shape, data, "i32"));
}

/** Sums, products and comparisons of sizes, and selections among them. */
function elementwise(opType: string, inputs: readonly Known[]): Known | undefined {
  const combine = symbolic[opType];
  const select = opType === "Where";
  if (combine === undefined && !select) return undefined;
  const places = inputs.map(({ shape, items }) => placesFrom(0, shape, items.length));
  const sum = places.reduce((a, b) => add(a, b));
  if (!(elementsOf(sum) <= MOST_KNOWN)) return undefined;
  const spread = inputs.map(({ items }, i) => {
    const at = evaluate(broadcastTo(places[i] as Expr, sum.shape), {});
    const order = at instanceof Tensor ? at.data : [at as number];
    return Array.from(order, (place) => items[place] as Dim);
  });
  const [first = [], second = [], third = []] = spread;
  const items = first.map((item, i) =>
    select
      ? typeof item === "number"
        ? item !== 0
          ? second[i]
          : third[i]
        : undefined
      : combine?.(item, second[i] as Dim),
  );
  if (items.includes(undefined)) return undefined;
  const truth = opType === "Equal" || (select && inputs[1]?.truth === true);
  return new Known(sum.shape as readonly number[], items as Dim[], truth);
}

/** Whole numbers that depend on no input, as what is known. */
function evaluated(made: Expr): Known | undefined {
  const whole = made.dtype === "i32" || made.dtype === "bool";
  const found = whole ? computed(made) : undefined;
  return found && new Known(found.shape, Array.from(found.data), made.dtype === "bool");
}
