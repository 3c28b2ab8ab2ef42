import { isInput, nameOf } from "./bind.ts";
import { reader } from "./elementwise.ts";
import { ArgumentError, describe } from "./errors.ts";
import { makeContext } from "./evaluationContext.ts";
import { Expr, type Lambda } from "./expr.ts";
import { apply } from "./intern.ts";
import type { Elements, ScalarizeContext, TupleElements } from "./op.ts";
import { argument, constant, parameter, variable } from "./ops/leaf.ts";
import { elementCount, resolveShape, type Sizes } from "./shape.ts";
import { asTensor, Tensor, type Value } from "./tensor.ts";
import { topological } from "./traverse.ts";

/** A tensor graph as scalars. */
export interface Scalarized {
  /** The elements of each output, row by row. */
  readonly outputs: readonly Elements[];
  /** The scalar inputs that stand for the elements of each input. */
  readonly inputs: ReadonlyMap<Expr, Elements>;
}

/** Options of `scalarize`. */
export interface ScalarizeOptions {
  /** Lengths of the named sizes. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The most scalar nodes made; a tensor graph is quickly large as scalars. */
  readonly maxNodes?: number;
}

/** A graph of this many scalars still draws and compiles; more is better left as tensors. */
const MAX_NODES = 2_000_000;

/**
 * Every element of every tensor as a scalar node of its own: for teaching, and for tiny models.
 *
 * An input `x` of shape [2, 3] becomes the scalars `x_1_1 … x_2_3`; a scalar input stays itself.
 * Values and gradients are those of the tensor graph.
 * Throws ArgumentError if an op has no scalar form, or the result would pass `maxNodes`.
 */
export function scalarize(outputs: readonly Expr[], options: ScalarizeOptions = {}): Scalarized {
  for (const output of outputs) {
    if (!(output instanceof Expr)) {
      throw new ArgumentError(`scalarize: outputs must be expressions, got ${describe(output)}`);
    }
  }
  const sizes = new Map(Object.entries(options.sizes ?? {}));
  const budget = { left: options.maxNodes ?? MAX_NODES };
  const inputs = new Map<Expr, Elements>();
  const context = makeScalarizeContext(sizes, inputs, budget);
  const results = context.run(outputs, []);
  return { outputs: results as readonly Elements[], inputs };
}

/**
 * The elements of one node's result on given elements of its arguments, by at most `maxNodes` scalar
 * nodes a sub-graph. All sizes must be numbers.
 */
export function elementsOfNode(
  node: Expr,
  args: readonly TupleElements[],
  maxNodes: number = MAX_NODES,
): TupleElements {
  const inputs = new Map<Expr, Elements>();
  const context = makeScalarizeContext(new Map(), inputs, { left: maxNodes });
  return elementsOf(node, args, [], inputs, context);
}

interface Runner extends ScalarizeContext {
  run(outputs: readonly Expr[], given: readonly TupleElements[]): readonly TupleElements[];
}

function makeScalarizeContext(
  sizes: Sizes,
  inputs: Map<Expr, Elements>,
  budget: { left: number },
): Runner {
  const context: Runner = {
    sizes,
    call: (body: Lambda, given) => context.run(body.outputs, given),
    run(outputs, given) {
      const made = new Map<Expr, TupleElements>();
      for (const node of topological(outputs).nodes) {
        const args = node.args.map((arg) => made.get(arg) as TupleElements);
        const elements = elementsOf(node, args, given, inputs, context);
        budget.left -= countElements(elements);
        if (budget.left < 0) {
          throw new ArgumentError(
            `scalarize: the scalar graph must have fewer nodes, got too many at ${node.toString()}`,
          );
        }
        made.set(node, elements);
      }
      return outputs.map((output) => made.get(output) as TupleElements);
    },
  };
  return context;
}

function countElements(elements: TupleElements): number {
  return "items" in elements
    ? elements.items.length
    : elements.reduce((sum, one) => sum + one.items.length, 0);
}

function elementsOf(
  node: Expr,
  args: readonly TupleElements[],
  given: readonly TupleElements[],
  inputs: Map<Expr, Elements>,
  context: Runner,
): TupleElements {
  const { op } = node;
  if (op === argument.op) return given[node.attributes["index"] as number] as TupleElements;
  if (isInput(node)) return inputElements(node, inputs, context.sizes);
  if (op === constant.op) return constantElements(node.attributes["value"] as Value, node);
  if (op.elementwise !== undefined) return mapElements(node, args as readonly Elements[], context);
  if (op.elements !== undefined) return op.elements(node, args, context);
  if (op.moves === true) return moveElements(node, args as readonly Elements[], context);
  if (node.args.length === 0 && node.shape.length === 0) return { shape: [], items: [node] };
  if (op.lower !== undefined) return lowerElements(node, args, context);
  throw new ArgumentError(`scalarize: every op must have a scalar form, got ${op.name}`);
}

function inputElements(node: Expr, inputs: Map<Expr, Elements>, sizes: Sizes): Elements {
  const known = inputs.get(node);
  if (known !== undefined) return known;
  const shape = resolveShape("scalarize", node.shape, sizes);
  const make = node.op === parameter.op ? parameter : variable;
  const items =
    shape.length === 0
      ? [node]
      : Array.from({ length: elementCount(shape) }, (_, i) =>
          make(`${nameOf(node)}${subscript(i, shape)}`, [], node.dtype),
        );
  const elements = { shape, items };
  inputs.set(node, elements);
  return elements;
}

/** `_2_3` for the element in row 2, column 3; counted from 1 as in mathematics. */
function subscript(position: number, shape: readonly number[]): string {
  let text = "";
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    text = `_${(rest % size) + 1}${text}`;
    rest = Math.floor(rest / size);
  }
  return text;
}

function constantElements(value: Value, { dtype }: Expr): Elements {
  const { shape, data } = asTensor(value, dtype);
  return { shape, items: Array.from(data, (item) => constant(item, dtype)) };
}

function mapElements(node: Expr, args: readonly Elements[], context: Runner): Elements {
  const shape = resolveShape("scalarize", node.shape, context.sizes);
  const reads = args.map((arg) => positionReader(arg, shape));
  const items = Array.from({ length: elementCount(shape) }, (_, i) =>
    apply(
      node.op,
      args.map((arg, j) => arg.items[(reads[j] as (at: number) => number)(i)] as Expr),
      node.attributes,
    ),
  );
  return { shape, items };
}

function positionReader(arg: Elements, shape: readonly number[]): (i: number) => number {
  if (arg.shape.length === 0) return () => 0;
  const positions = Int32Array.from(arg.items, (_, i) => i);
  return reader(new Tensor(arg.shape, positions, "i32"), shape);
}

/**
 * An op that only moves elements is run on their positions: what arrives tells where each comes
 * from. Positions count from 1, so that a 0 is the op's own padding.
 */
function moveElements(node: Expr, args: readonly Elements[], context: Runner): Elements {
  const source: Expr[] = [constant(0, node.dtype)];
  const positions = args.map((arg) => {
    const start = source.length;
    source.push(...arg.items);
    const data = Int32Array.from(arg.items, (_, i) => start + i);
    return arg.shape.length === 0 ? start : new Tensor(arg.shape, data, "i32");
  });
  const places = node.args.map((arg, i) => argument(i, arg.shape, "i32"));
  const mover = apply(node.op, places, node.attributes);
  const result = mover.op.evaluate(positions, mover, makeContext(context.sizes));
  const moved = asTensor(result as Value, "i32");
  return { shape: moved.shape, items: Array.from(moved.data, (at) => source[at] as Expr) };
}

/** An op said by others: its arguments become inputs of the lowered form. */
function lowerElements(node: Expr, args: readonly TupleElements[], context: Runner): TupleElements {
  const places = node.args.map((arg, i) => argument(i, arg.shape, arg.dtype));
  const lowered = node.op.lower?.(apply(node.op, places, node.attributes)) as Expr;
  return context.run([lowered], args)[0] as TupleElements;
}
