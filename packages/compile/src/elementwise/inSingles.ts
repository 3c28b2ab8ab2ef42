import { cast, type Expr } from "@chainrule/core";
import { Lane, type Real, real, type SingleLane } from "../math/index.ts";
import { f32, f32x4, f64, f64x2 } from "../wasm/index.ts";
import type { ElementwiseContext } from "./elementwiseCode.ts";
import { inDoubles } from "./inDoubles.ts";
import { libraryFunctions } from "./libraryFunctions.ts";
import { instructions, rules } from "./rules.ts";

/**
 * The value of a node on floats of single precision.
 *
 * Sums, differences, products, quotients and roots of singles rounded to double and then to single are
 * those rounded once (Figueroa 1995: 53 ≥ 2 · 24 + 2), so one instruction has the interpreter's bits; other
 * functions go through doubles.
 */
export function inSingles(
  lane: SingleLane,
  node: Expr,
  args: readonly Real[],
  context: ElementwiseContext,
): Real {
  const { op, attributes, dtype } = node;
  const first = args[0] as Real;
  if (op === cast.op) {
    return dtype === "bool" ? lane.number(lane.ne(first, lane.constant(0))) : first;
  }
  const instruction = instructions.get(op);
  if (instruction !== undefined) return lane.operation(instruction, ...args);
  const rule = rules.get(op);
  if (rule !== undefined) return rule(lane, args, attributes);
  const name = libraryFunctions.get(op);
  if (name !== undefined) {
    const index = context.math(name, lane.type);
    return real(() => {
      for (const { push } of args) push();
      lane.body.call(index);
    });
  }
  return lane.wide ? byPairs(lane, node, args, context) : byDouble(lane, node, args, context);
}

function byDouble(
  { body }: SingleLane,
  node: Expr,
  args: readonly Real[],
  context: ElementwiseContext,
): Real {
  const double = new Lane(body, "f64");
  const wide = args.map(({ push }) =>
    double.keep(
      real(() => {
        push();
        body.op(f64.promote_f32);
      }),
    ),
  );
  const value = inDoubles(double, node, wide, context);
  return real(() => {
    value.push();
    body.op(f32.demote_f64);
    double.release();
  });
}

const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** Four floats by two times two doubles. */
function byPairs(
  { body }: SingleLane,
  node: Expr,
  args: readonly Real[],
  context: ElementwiseContext,
): Real {
  return real(() => {
    for (const high of [false, true]) {
      const double = new Lane(body, "f64x2", context.vectors);
      const wide = args.map(({ push }) =>
        double.keep(
          real(() => {
            push();
            if (high) {
              push();
              body.shuffle(highHalf);
            }
            body.op(f64x2.promote_low_f32x4);
          }),
        ),
      );
      inDoubles(double, node, wide, context).push();
      double.release();
      body.op(f32x4.demote_f64x2_zero);
    }
    body.shuffle(lowHalves);
  });
}
