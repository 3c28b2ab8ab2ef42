import type { Attributes, Dim, Expr, Lambda, Shape } from "@chainrule/core";
import type { OnnxType } from "../../dtype.ts";
import { valueInfo } from "../../model.ts";
import type { ValueInfoProto } from "../../proto/onnx_pb.ts";
import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";
import { sliceAxis } from "./movement.ts";

interface ScanAttributes {
  readonly body: Lambda;
  readonly carries: number;
  readonly slices: number;
  readonly length: Dim;
  readonly reverse: boolean;
  readonly bounded: boolean;
}

interface WhileAttributes {
  readonly condition: Lambda;
  readonly body: Lambda;
  readonly carries: number;
  readonly maxTrips: number | undefined;
}

interface MapAttributes {
  readonly body: Lambda;
  readonly mapped: number;
  readonly size: Dim;
}

type Typed = Pick<Expr, "shape" | "dtype">;

/** A value that a graph gives, with its type. */
type Given = readonly [value: string, dtype: OnnxType, shape: Shape];

function read<T>(attributes: Attributes): T {
  return attributes as never;
}

const END = Number.POSITIVE_INFINITY;

/** A fresh name for an input of a graph, with its type. */
function input(w: GraphWriter, base: string, { dtype, shape }: Typed): ValueInfoProto {
  return valueInfo(w.state.names.fresh(base), dtype, w.state.dims(shape));
}

const given = (values: readonly string[], types: readonly Typed[]): readonly Given[] =>
  values.map((value, i) => {
    const { dtype, shape } = types[i] as Typed;
    return [value, dtype, shape] as const;
  });

const nameOf = ({ name }: ValueInfoProto): string => name;

/** What one kind of loop needs: carries and rows in, carries and rows out. */
interface Loop {
  readonly node: Expr;
  readonly body: Lambda;
  readonly carries: readonly string[];
  readonly sources: readonly string[];
  readonly rest: readonly string[];
  readonly length: Dim;
  readonly reverse: boolean;
  /** How many steps run, of shape []; all where there is none. */
  readonly trips: string | undefined;
  /** Carries whose values before each step are read. */
  readonly histories: readonly number[];
}

/** The stacked rows of a loop: the outputs of the body behind its carries, then the histories. */
function rowTypes({ body, carries, histories }: Loop): readonly Typed[] {
  return [...body.outputs.slice(carries.length), ...histories.map((i) => body.inputs[i] as Typed)];
}

/** ONNX's Scan: for loops over the elements of arrays, all of them. */
function writeScan(w: GraphWriter, loop: Loop): readonly string[] {
  const { body, carries, sources, rest, histories } = loop;
  const states = carries.map((_, i) => input(w, "carry", body.inputs[i] as Typed));
  const rows = sources.map((_, i) => input(w, "row", body.inputs[carries.length + i] as Typed));
  const stacked = rowTypes(loop);
  const graph = w.graph("step", [...states, ...rows], (inner) => {
    const results = inner.inline(body, [...states.map(nameOf), ...rows.map(nameOf), ...rest]);
    const kept = histories.map((i) => nameOf(states[i] as ValueInfoProto));
    const types = [...body.inputs.slice(0, carries.length), ...stacked];
    return given([...results, ...kept], types);
  });
  const direction = loop.reverse ? 1 : 0;
  return w.ops("Scan", [...carries, ...sources], carries.length + stacked.length, {
    body: graph,
    num_scan_inputs: sources.length,
    scan_input_directions: sources.map(() => direction),
    ...(stacked.length === 0 ? {} : { scan_output_directions: stacked.map(() => direction) }),
  });
}

/** ONNX's Loop: for loops that count, and for those that a value stops. */
function writeLoop(w: GraphWriter, loop: Loop): readonly string[] {
  const { body, carries, sources, rest, histories, reverse, length } = loop;
  const all = w.op("Squeeze", [w.size(length), w.ints([0])]);
  const trips = loop.trips === undefined ? all : w.cast(loop.trips, "i64");
  const step = valueInfo(w.state.names.fresh("step"), "i64", []);
  const going = valueInfo(w.state.names.fresh("going"), "bool", []);
  const states = carries.map((_, i) => input(w, "carry", body.inputs[i] as Typed));
  const stacked = rowTypes(loop);
  const last = reverse ? w.op("Sub", [trips, w.number(1, "i64")]) : "";
  const graph = w.graph("step", [step, going, ...states], (inner) => {
    const at = reverse ? inner.op("Sub", [last, step.name]) : step.name;
    const rows = sources.map((source) => inner.op("Gather", [source, at]));
    const results = inner.inline(body, [...states.map(nameOf), ...rows, ...rest]);
    const kept = histories.map((i) => nameOf(states[i] as ValueInfoProto));
    const types = [...body.inputs.slice(0, carries.length), ...stacked];
    return [[going.name, "bool", []], ...given([...results, ...kept], types)];
  });
  const made = w.ops("Loop", [trips, "", ...carries], carries.length + stacked.length, {
    body: graph,
  });
  return made.map((value, i) => {
    if (i < carries.length) return value;
    const ordered = reverse ? sliceAxis(w, value, 0, [-1, -END, -1]) : value;
    const rank = (stacked[i - carries.length] as Typed).shape.length + 1;
    return loop.trips === undefined ? ordered : filledUp(w, ordered, rank, w.size(length), trips);
  });
}

/** Rows of zeros behind those that there are, up to a number of rows. */
function filledUp(
  w: GraphWriter,
  value: string,
  rank: number,
  length: string,
  trips: string,
): string {
  const missing = w.op("Sub", [length, trips]);
  const none = (count: number): string => w.ints(new Array<number>(count).fill(0));
  const pads = w.op("Concat", [none(rank), missing, none(rank - 1)], { axis: 0 });
  return w.op("Pad", [value, pads]);
}

/** The results of a loop in core's order: carries, rows, and histories where they are read. */
function ordered(loop: Loop, made: readonly string[]): readonly string[] {
  const end = loop.body.outputs.length;
  const out = [...made.slice(0, end)];
  for (const [i, carry] of loop.histories.entries()) out[end + carry] = made[end + i] as string;
  return out;
}

const scan: Rule = (w, node) => {
  const s = read<ScanAttributes>(node.attributes);
  const args = w.all(node);
  const end = s.carries + s.slices;
  const loop: Loop = {
    node,
    body: s.body,
    carries: args.slice(0, s.carries),
    sources: args.slice(s.carries, end),
    rest: args.slice(end, s.body.inputs.length),
    length: s.length,
    reverse: s.reverse,
    trips: s.bounded ? args.at(-1) : undefined,
    histories: s.body.inputs
      .slice(0, s.carries)
      .flatMap((_, i) => (w.reads(node, s.body.outputs.length + i) ? [i] : [])),
  };
  return ordered(loop, runsAsScan(w, loop) ? writeScan(w, loop) : writeLoop(w, loop));
};

/** Scan needs arrays, and elements in them: a named size may be 0. */
function runsAsScan(w: GraphWriter, { sources, trips, length }: Loop): boolean {
  const count = w.state.dim(length);
  return sources.length > 0 && trips === undefined && typeof count === "number" && count > 0;
}

const map: Rule = (w, node) => {
  const { body, mapped, size } = read<MapAttributes>(node.attributes);
  const args = w.all(node);
  const loop: Loop = {
    node,
    body,
    carries: [],
    sources: args.slice(0, mapped),
    rest: args.slice(mapped),
    length: size,
    reverse: false,
    trips: undefined,
    histories: [],
  };
  return runsAsScan(w, loop) ? writeScan(w, loop) : writeLoop(w, loop);
};

/** A condition as a truth value. */
function holds(w: GraphWriter, condition: Lambda, values: readonly string[]): string {
  const [value] = w.inline(condition, values) as readonly [string];
  return condition.outputs[0]?.dtype === "bool" ? value : w.cast(value, "bool");
}

const whileLoop: Rule = (w, node) => {
  const { condition, body, carries, maxTrips } = read<WhileAttributes>(node.attributes);
  const args = w.all(node);
  const rest = args.slice(carries);
  const types = body.inputs.slice(0, carries);
  const histories = types.flatMap((_, i) => (w.reads(node, carries + 1 + i) ? [i] : []));
  const step = valueInfo(w.state.names.fresh("step"), "i64", []);
  const going = valueInfo(w.state.names.fresh("going"), "bool", []);
  const made = valueInfo(w.state.names.fresh("trips"), "i32", []);
  const states = types.map((type) => input(w, "carry", type));
  const graph = w.graph("trip", [step, going, ...states, made], (inner) => {
    const next = inner.inline(body, [...states.map(nameOf), ...rest]);
    const count = inner.op("Add", [made.name, inner.number(1, "i32")]);
    return [
      [holds(inner, condition, [...next, ...rest]), "bool", []],
      ...given(next, types),
      [count, "i32", []],
      ...given(
        histories.map((i) => nameOf(states[i] as ValueInfoProto)),
        histories.map((i) => types[i] as Typed),
      ),
    ];
  });
  const most = maxTrips === undefined ? "" : w.number(maxTrips, "i64");
  const started = holds(w, condition, args);
  const results = w.ops(
    "Loop",
    [most, started, ...args.slice(0, carries), w.number(0, "i32")],
    carries + 1 + histories.length,
    { body: graph },
  );
  const out = results.slice(0, carries + 1);
  for (const [k, i] of histories.entries()) {
    const rank = (types[i] as Typed).shape.length + 1;
    const trips = w.cast(results[carries] as string, "i64");
    const value = results[carries + 1 + k] as string;
    out[carries + 1 + i] = filledUp(w, value, rank, w.ints([maxTrips as number]), trips);
  }
  return out;
};

const cond: Rule = (w, node) => {
  const { consequent, alternative } = read<Record<"consequent" | "alternative", Lambda>>(
    node.attributes,
  );
  const rest = node.args.slice(1).map((arg) => w.value(arg));
  const branch = (name: string, body: Lambda): ReturnType<GraphWriter["graph"]> =>
    w.graph(name, [], (inner) => given(inner.inline(body, rest), body.outputs));
  return w.ops("If", [w.arg(node, 0, "bool")], consequent.outputs.length, {
    then_branch: branch("then", consequent),
    else_branch: branch("otherwise", alternative),
  });
};

const calls = (w: GraphWriter, node: Expr): readonly string[] =>
  w.inline(read<{ readonly body: Lambda }>(node.attributes).body, w.all(node));

/** Ops that hold sub-graphs. Functions are written in place where they are called. */
export const controlRules: Rules = {
  abstract: (w, node) =>
    w.refuse(node, `a function without a body: ${String(node.attributes["of"] ?? "")}`),
  call: (w, node) => calls(w, node)[0] as string,
  callItems: calls,
  cond,
  customDerivative: (w, node) => calls(w, node)[0] as string,
  map,
  scan,
  whileLoop,
};
