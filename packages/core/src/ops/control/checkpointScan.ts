import { ArgumentError } from "../../errors.ts";
import { type Expr, Lambda, type Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { concat } from "../joining.ts";
import { reshape } from "../movement.ts";
import { slice } from "../slicing.ts";
import { argumentOf } from "./lambda.ts";
import { itemsOf, scan } from "./scan.ts";
import type { ScanAttributes } from "./scanKernel.ts";

/**
 * A scan as a scan over segments of ⌊√n⌋ steps, and the steps that remain: reverse mode keeps one
 * state a segment, and those of one segment at a time while it computes that segment again.
 *
 * Source: Griewank, "Achieving logarithmic growth of temporal and spatial complexity in reverse
 * automatic differentiation", 1992, of which this is the scheme with one level.
 */
export function segmentedScan(args: readonly Expr[], attributes: ScanAttributes): Expr[] {
  const { body, carries, slices, length, reverse } = attributes;
  if (typeof length !== "number") {
    throw new ArgumentError(`scan: checkpoint needs a length that is a number, got "${length}"`);
  }
  const outputs = body.outputs.length;
  const size = Math.floor(Math.sqrt(length));
  if (size < 2) return itemsOf(apply(scan.op, args, { ...attributes }), outputs);
  const segments = Math.floor(length / size);
  const whole = segments * size;
  const invariants = args.slice(carries + slices);
  const xs = args.slice(carries, carries + slices);
  const inner = segmentOf(attributes, size);
  const runWhole = (init: readonly Expr[]): Expr[] => {
    const parts = xs.map((x) => {
      const part = slice(x, 0, 0, whole);
      return reshape(part, [segments, size, ...x.shape.slice(1)]);
    });
    const settings = { ...attributes, body: inner, length: segments };
    const node = apply(scan.op, [...init, ...parts, ...invariants], { ...settings });
    const results = itemsOf(node, outputs);
    return results.map((result, i) =>
      i < carries ? result : reshape(result, [whole, ...result.shape.slice(2)]),
    );
  };
  const runRest = (init: readonly Expr[]): Expr[] => {
    const parts = xs.map((x) => slice(x, 0, whole, length));
    const settings = { ...attributes, length: length - whole };
    return itemsOf(apply(scan.op, [...init, ...parts, ...invariants], { ...settings }), outputs);
  };
  const init = args.slice(0, carries);
  if (whole === length) return runWhole(init);
  const first = reverse ? runRest(init) : runWhole(init);
  const then = reverse ? runWhole(first.slice(0, carries)) : runRest(first.slice(0, carries));
  const [front, back] = reverse ? [then, first] : [first, then];
  const stacked = front
    .slice(carries)
    .map((rows, i) => concat([rows, back[carries + i] as Expr], 0));
  return [...then.slice(0, carries), ...stacked];
}

/** One segment as a sub-graph: a scan of its own. */
function segmentOf(attributes: ScanAttributes, size: number): Lambda {
  const { body, carries, slices } = attributes;
  const types = body.inputs.map(
    (type, i): Type =>
      i >= carries && i < carries + slices ? { ...type, shape: [size, ...type.shape] } : type,
  );
  const node = apply(scan.op, types.map(argumentOf), { ...attributes, length: size });
  return new Lambda(types, itemsOf(node, body.outputs.length));
}
