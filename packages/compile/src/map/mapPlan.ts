import {
  ArgumentError,
  argument,
  type Expr,
  type Lambda,
  parameter,
  substitute,
} from "@chainrule/core";
import { Codes } from "../scalar/codes.ts";
import { computedOrder, type Parts, partsOf } from "../scalar/parts.ts";
import { elementsOf } from "../scalar/scalarProgram.ts";
import type { Tape } from "../scalar/tape.ts";

/** Scalar nodes of one row beyond which a body is left to the interpreter. */
const MOST_NODES = 50_000;

/** What a scalar node that is an element of an argument is. */
export interface ElementOf {
  readonly argument: number;
  readonly index: number;
}

/** A function of a map as scalars: what depends on the row apart from what is the same for all. */
export interface MapPlan {
  readonly tape: Tape;
  /** Elements of the arguments, by node. */
  readonly inputs: ReadonlyMap<number, ElementOf>;
  /** Nodes that are the elements of each result. */
  readonly results: readonly (readonly number[])[];
  /** Computed once for all rows. */
  readonly shared: Parts;
  /** Computed nodes of `shared` that rows read, or that are results: where each is kept. */
  readonly cells: ReadonlyMap<number, number>;
  /** Computed for every row. */
  readonly rows: Parts;
  /** Codes of both on one row, and of rows on several. */
  readonly one: Codes;
  readonly several: Codes;
}

const plans = new WeakMap<Lambda, Map<number, MapPlan | undefined>>();

/** The plan of a map whose first `mapped` inputs vary by row; `undefined` if its body has no scalar form. */
export function mapPlan(body: Lambda, mapped: number): MapPlan | undefined {
  let table = plans.get(body);
  if (table === undefined) {
    table = new Map();
    plans.set(body, table);
  }
  if (!table.has(mapped)) table.set(mapped, makePlan(body, mapped));
  return table.get(mapped);
}

function makePlan(body: Lambda, mapped: number): MapPlan | undefined {
  const form = scalarForm(body);
  if (form === undefined) return undefined;
  const { all: elements, order, tape } = form;
  const inputs = new Map<number, ElementOf>();
  body.inputs.forEach((_, argument) => {
    elements[argument]?.items.forEach((item, index) => {
      inputs.set(order.indexOf(item), { argument, index });
    });
  });
  const results = elements
    .slice(body.inputs.length)
    .map(({ items }) => items.map((item) => order.indexOf(item)));
  const varies = varying(tape, inputs, mapped);
  const rows = partsOf(
    tape,
    computedOrder(tape, (node) => varies[node] === 1),
  );
  const shared = partsOf(
    tape,
    computedOrder(tape, (node) => varies[node] === 0),
  );
  const single = order.nodes.every((node) => node.dtype === "f32" || node.dtype === "bool");
  const one = new Codes(single ? "f32" : "f64", tape.examples);
  const several = new Codes(single ? "f32x4" : "f64x2", tape.examples);
  // Kernels of the interpreter would have to be imported.
  if (one.hosts.length > 0) return undefined;
  const cells = cellsOf(tape, varies, results);
  return { tape, inputs, results, shared, cells, rows, one, several };
}

/** The elements of all inputs, then of all outputs, as scalars; `undefined` if an op has no scalar form, or there are too many. */
function scalarForm(body: Lambda): ReturnType<typeof elementsOf> | undefined {
  const places = body.inputs.map(({ shape, dtype }, i) => parameter(`x${i}`, shape, dtype));
  const by = new Map<Expr, Expr>(
    body.inputs.map(({ shape, dtype }, i) => [
      argument(i, shape, dtype) as Expr,
      places[i] as Expr,
    ]),
  );
  const outputs = substitute(body.outputs, by);
  try {
    return elementsOf([...places, ...outputs], { maxNodes: MOST_NODES });
  } catch (error) {
    if (error instanceof ArgumentError) return undefined;
    throw error;
  }
}

/** 1 for nodes that depend on an element that varies by row. */
function varying(
  { nodes, starts, args }: Tape,
  inputs: ReadonlyMap<number, ElementOf>,
  mapped: number,
): Uint8Array {
  const varies = new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const element = inputs.get(i);
    if (element !== undefined && element.argument < mapped) varies[i] = 1;
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) {
      if (varies[args[k] as number] === 1) varies[i] = 1;
    }
  }
  return varies;
}

function cellsOf(
  { nodes, starts, args, kinds }: Tape,
  varies: Uint8Array,
  results: readonly (readonly number[])[],
): Map<number, number> {
  const cells = new Map<number, number>();
  const need = (node: number): void => {
    if ((kinds[node] as number) >= 0 && varies[node] === 0 && !cells.has(node)) {
      cells.set(node, cells.size);
    }
  };
  for (let i = 0; i < nodes.length; i++) {
    if (varies[i] === 0) continue;
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) need(args[k] as number);
  }
  for (const nodesOfResult of results) nodesOfResult.forEach(need);
  return cells;
}
