import {
  ArgumentError,
  allocate,
  type Dim,
  describe,
  type Expr,
  evaluate,
  isInput,
  Tensor,
  topological,
} from "@chainrule/core";
import type { NodeProto } from "../proto/onnx_pb.ts";
import type { Attributes } from "./attributes.ts";
import type { GraphReader } from "./graphReader.ts";
import { asExpr, Known, type OnnxValue } from "./known.ts";
import { MOST_KNOWN } from "./tensors.ts";

/** How a node is read: its value, or one value for each output that it may have. */
export type ImportRule = (n: NodeReading) => OnnxValue | readonly (OnnxValue | undefined)[];

/** The rules by the names of ONNX's operators. */
export type ImportRules = Readonly<Record<string, ImportRule>>;

/** A node of ONNX with what it reads. */
export class NodeReading {
  readonly proto: NodeProto;
  readonly attributes: Attributes;
  readonly graph: GraphReader;
  readonly #inputs: readonly (OnnxValue | undefined)[];

  constructor(
    proto: NodeProto,
    attributes: Attributes,
    graph: GraphReader,
    inputs: readonly (OnnxValue | undefined)[],
  ) {
    this.proto = proto;
    this.attributes = attributes;
    this.graph = graph;
    this.#inputs = inputs;
  }

  /** The version of the operators. */
  get opset(): number {
    return this.graph.state.opset;
  }

  get count(): number {
    return this.#inputs.length;
  }

  /** Whether an output is asked for by name. */
  wants(i: number): boolean {
    return (this.proto.output[i] ?? "") !== "";
  }

  has(i: number): boolean {
    return this.#inputs[i] !== undefined;
  }

  /** Input i. Throws ArgumentError if it is not there. */
  value(i: number): OnnxValue {
    const value = this.#inputs[i];
    if (value !== undefined) return value;
    throw new ArgumentError(`input ${i} must be given, got none`);
  }

  /** Input i as an expression. */
  x(i = 0): Expr {
    return asExpr(this.value(i));
  }

  /** All inputs as expressions. */
  all(): Expr[] {
    return this.#inputs.map((_, i) => this.x(i));
  }

  /** Inputs that are known, `undefined` where one is not. */
  known(): readonly Known[] | undefined {
    const given = this.#inputs.filter((value) => value !== undefined);
    return given.every((value) => value instanceof Known) ? (given as Known[]) : undefined;
  }

  /** Input i as sizes, which may be names. Throws ArgumentError where they are computed from elements. */
  sizes(i: number): readonly Dim[] {
    const value = this.value(i);
    if (value instanceof Known) return value.items;
    return this.numbers(i);
  }

  /** Input i as numbers that are known now. */
  numbers(i: number): readonly number[] {
    const value = this.value(i);
    const stored = value instanceof Known ? undefined : this.graph.state.stored.get(value);
    const found = stored === undefined ? numbersOf(value) : Array.from(stored.data);
    if (found !== undefined) return found;
    const named =
      value instanceof Known ? value.items.filter((item) => typeof item === "string") : [];
    const got =
      named.length > 0
        ? `the named ${named.length === 1 ? "size" : "sizes"} ${named.join(", ")} (options.sizes fixes them)`
        : "what is computed from the inputs";
    throw new ArgumentError(`input ${i} must be known while the model is read, got ${got}`);
  }

  /** Input i as one number. */
  number(i: number): number {
    const [first, ...more] = this.numbers(i);
    if (first !== undefined && more.length === 0) return first;
    throw new ArgumentError(`input ${i} must be one number, got ${more.length + 1}`);
  }

  /** What an attribute said once and an input says now: whole numbers such as axes. */
  places(name: string, i: number): readonly number[] | undefined {
    if (this.attributes.has(name)) return this.attributes.numbers(name);
    return this.has(i) ? this.numbers(i) : undefined;
  }

  /** Axes from the front. */
  axes(places: readonly number[], rank: number): readonly number[] {
    return places.map((place) => this.axis(place, rank));
  }

  axis(place: number, rank: number): number {
    const axis = place < 0 ? place + rank : place;
    if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
    throw new ArgumentError(`an axis must lie in ${-rank} … ${rank - 1}, got ${describe(place)}`);
  }
}

/** Constants are computed while a model is read if no step of that has more elements. */
const MOST_COMPUTED = 2 ** 20;

function numbersOf(value: OnnxValue): readonly number[] | undefined {
  if (value instanceof Known) return value.numbers;
  const found = computed(value);
  return found === undefined ? undefined : Array.from(found.data);
}

/** The value of an expression that depends on no input; `undefined` for others, and for large ones. */
export function computed(x: Expr): Tensor | undefined {
  if (!(elementsOf(x) <= MOST_KNOWN)) return undefined;
  const open = (node: Expr): boolean =>
    isInput(node) || node.op.name === "dimension" || !(elementsOf(node) <= MOST_COMPUTED);
  if (topological([x]).nodes.some(open)) return undefined;
  const found = evaluate(x, {});
  if (found instanceof Tensor) return found;
  const data = allocate(x.dtype, 1);
  data[0] = found as number;
  return new Tensor([], data, x.dtype);
}

/** How many elements there are; NaN where a size is named. */
export function elementsOf({ shape }: Expr): number {
  return shape.reduce<number>(
    (count, dim) => count * (typeof dim === "number" ? dim : Number.NaN),
    1,
  );
}
