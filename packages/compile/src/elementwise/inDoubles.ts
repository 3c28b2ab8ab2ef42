import { argument, cast, type Expr } from "@chainrule/core";
import { type Lane, type Real, real } from "../math/index.ts";
import { f64x2 } from "../wasm/index.ts";
import type { ElementwiseContext } from "./elementwiseCode.ts";
import { hostKernel } from "./hostKernel.ts";
import { libraryFunctions } from "./libraryFunctions.ts";
import { lowered } from "./lowering.ts";
import { integerProduct, isIntegerProduct, roundedTo } from "./rounding.ts";
import { instructions, rules } from "./rules.ts";

/** The value of a node in double precision, rounded to its element type. Arguments may be pushed more than once. */
export function inDoubles(
  lane: Lane,
  node: Expr,
  args: readonly Real[],
  context: ElementwiseContext,
): Real {
  return roundedTo(lane, unrounded(lane, node, args, context), node);
}

function unrounded(
  lane: Lane,
  node: Expr,
  args: readonly Real[],
  context: ElementwiseContext,
): Real {
  const { op, attributes } = node;
  const [a, b] = args as readonly [Real, Real | undefined];
  if (op === cast.op) return a;
  if (isIntegerProduct(node)) return integerProduct(lane, a, b ?? a);
  const instruction = instructions.get(op);
  if (instruction !== undefined) return lane.operation(instruction, ...args);
  const rule = rules.get(op);
  if (rule !== undefined) return rule(lane, args, attributes);
  const name = libraryFunctions.get(op);
  if (name !== undefined) return called(lane, context.math(name, lane.type), args);
  const form = lowered(node);
  if (form !== undefined) return byLowering(lane, form, args, context);
  return byHost(lane, node, args, context);
}

function called(lane: Lane, index: number, args: readonly Real[]): Real {
  return real(() => {
    for (const { push } of args) push();
    lane.body.call(index);
  });
}

/** Nested as deep as ops are defined by each other. */
function byLowering(
  lane: Lane,
  nodes: readonly Expr[],
  args: readonly Real[],
  context: ElementwiseContext,
): Real {
  const values = new Map<Expr, Real>();
  for (const node of nodes) {
    const own = node.args.map((arg) => values.get(arg) as Real);
    const { index, value } = node.attributes;
    if (node.op === argument.op) values.set(node, args[index as number] as Real);
    else if (own.length === 0) values.set(node, lane.constant(value as number));
    else values.set(node, lane.keep(inDoubles(lane, node, own, context)));
  }
  return values.get(nodes[nodes.length - 1] as Expr) as Real;
}

/** The interpreter's kernel, for each lane. */
function byHost(lane: Lane, node: Expr, args: readonly Real[], context: ElementwiseContext): Real {
  const kernel = hostKernel(node);
  const index = context.host?.(kernel);
  if (index === undefined) {
    throw new Error(`elementwise: ${kernel.name} must have code, or a host that computes it`);
  }
  if (!lane.wide) return called(lane, index, args);
  const { body } = lane;
  return real(() => {
    for (const which of [0, 1] as const) {
      for (const { push } of args) {
        push();
        body.extract(which);
      }
      body.call(index);
      if (which === 0) body.op(f64x2.splat);
      else body.lane(f64x2.replace_lane, 1);
    }
  });
}
