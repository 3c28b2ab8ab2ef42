import { ArgumentError, type Dim, type Expr, formatShape, variable } from "@chainrule/core";
import type { GraphProto, ValueInfoProto } from "../proto/onnx_pb.ts";
import type { FromOnnxOptions } from "./onnxModel.ts";
import { dtypeFrom } from "./tensors.ts";

/** What named sizes are: numbers, or the names they have in a graph around. */
export type Sizes = ReadonlyMap<string, Dim>;

/** An input that a file asks for. */
export interface OnnxInput {
  readonly name: string;
  /** A variable for it. */
  readonly make: () => Expr;
  /** Adds the sizes that its names stand for in an expression given. Throws ArgumentError if it does not fit. */
  readonly unify: (given: Expr, sizes: Map<string, Dim>) => void;
}

/** The inputs of a graph that are no weights. */
export function inputsOf(graph: GraphProto, options: FromOnnxOptions): readonly OnnxInput[] {
  const stored = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !stored.has(name)).map((info) => inputOf(info, options));
}

function inputOf(info: ValueInfoProto, { sizes = {}, dtype }: FromOnnxOptions): OnnxInput {
  const { name, type } = info;
  const kind = type?.value;
  if (kind?.case !== "tensorType") {
    throw new ArgumentError(
      `input ${JSON.stringify(name)} must be a tensor, got ${kind?.case ?? "no type"}`,
    );
  }
  const { elemType, shape } = kind.value;
  if (shape === undefined) {
    throw new ArgumentError(`input ${JSON.stringify(name)} must have a shape, got none`);
  }
  const stored = dtypeFrom(elemType);
  const own = dtype !== undefined && (stored === "f32" || stored === "f64") ? dtype : stored;
  const declared = shape.dim.map(({ value }, axis): Dim => {
    if (value.case === "dimValue" && value.value >= 0n) return Number(value.value);
    return sizeName(value.case === "dimParam" ? value.value : "", name, axis);
  });
  const fixed = declared.map((dim) => (typeof dim === "string" ? (sizes[dim] ?? dim) : dim));
  return {
    name,
    make: () => variable(name, fixed, own),
    unify: (given, known) => {
      const fits =
        given.shape.length === declared.length &&
        declared.every((dim, axis) => {
          const asked = given.shape[axis] as Dim;
          if (typeof dim === "number") return dim === asked;
          if (known.has(dim)) return known.get(dim) === asked;
          known.set(dim, asked);
          return true;
        });
      if (fits) return;
      throw new ArgumentError(
        `input ${JSON.stringify(name)} must have shape ${formatShape(fixed)}, got ${formatShape(given.shape)}`,
      );
    },
  };
}

/** A size's own name where that can be one; else one made of the input's. */
function sizeName(text: string, input: string, axis: number): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)) return text;
  const base = (text === "" ? `${input}_${axis}` : text).replace(/[^\p{L}\p{N}_]/gu, "_");
  return /^[\p{L}_]/u.test(base) ? base : `size_${base}`;
}
