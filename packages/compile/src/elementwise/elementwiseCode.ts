import { cast, type Expr } from "@chainrule/core";
import {
  instructionOf,
  Lane,
  type MathFunction,
  type MathLane,
  type MathNeed,
  type Real,
  real,
  SingleLane,
  type Vectors,
} from "../math/index.ts";
import { Body } from "../wasm/index.ts";
import type { HostKernel } from "./hostKernel.ts";
import { inDoubles } from "./inDoubles.ts";
import { inSingles } from "./inSingles.ts";
import { isRounded, isSingle } from "./rounding.ts";
import { instructions } from "./rules.ts";

/** What the code of an elementwise op is written with. */
export interface ElementwiseContext {
  readonly body: Body;
  /** Index of a function of the mathematics library. */
  math(name: MathFunction, lane: MathLane): number;
  /** Index of an imported kernel of the interpreter: f64 arguments and result. */
  host?(kernel: HostKernel): number;
  /** Globals for constant vectors; see `Lane`. */
  readonly vectors?: Vectors;
}

/** How an elementwise op is computed on a lane. */
export interface ElementwiseCode {
  /** Instructions alone, calls of the module's mathematics too, or calls of the host. */
  readonly way: "instructions" | "library" | "host";
  /** Functions of the library that it calls. */
  readonly math: readonly MathNeed[];
  /** Kernels of the interpreter that it calls. */
  readonly hosts: readonly HostKernel[];
  /**
   * Writes code that leaves the value on the stack. `push` may be called several times for an argument, and
   * between them locals are written: it should push a local or a constant.
   */
  emit(context: ElementwiseContext, push: (argument: number) => void): void;
}

/** Whether `elementwiseCode` takes the op of a node: elementwise, a cast. */
export function isElementwise({ op }: Expr): boolean {
  return op.elementwise !== undefined || op === cast.op;
}

/**
 * Whether the lane holds the values of a node and its arguments. Lanes of doubles hold every element type as a
 * number; lanes of single precision hold f32 and truth values, as 0 and 1.
 */
export function fitsLane({ dtype, args }: Expr, lane: MathLane): boolean {
  if (lane === "f64" || lane === "f64x2") return true;
  return isSingle(dtype) && args.every((arg) => isSingle(arg.dtype));
}

/**
 * The code of an elementwise op on one float or a vector of them: the value of the interpreter's kernel rounded to
 * the node's element type, to the bit except where the mathematics library has its own last digits.
 *
 * Only the op, attributes and element types of the node and its arguments matter. Throws if the lane does not hold them.
 */
export function elementwiseCode(node: Expr, lane: MathLane): ElementwiseCode {
  if (!fitsLane(node, lane)) {
    throw new Error(`elementwise: ${lane} must hold f32 and bool alone, got ${node.dtype}`);
  }
  const single = lane === "f32" || lane === "f32x4";
  const instruction = instructions.get(node.op);
  if (instruction !== undefined && (single || isRounded(node))) {
    return plain(instructionOf(instruction, lane), node.args.length);
  }
  const emit: ElementwiseCode["emit"] = (context, push) => {
    const args = node.args.map((_arg, i) => real(() => push(i)));
    write(node, lane, args, context);
  };
  return { ...needsOf(emit), emit };
}

/** One instruction. */
function plain(code: number, arity: number): ElementwiseCode {
  return {
    way: "instructions",
    math: [],
    hosts: [],
    emit({ body }, push) {
      for (let i = 0; i < arity; i++) push(i);
      body.op(code);
    },
  };
}

function write(
  node: Expr,
  type: MathLane,
  args: readonly Real[],
  context: ElementwiseContext,
): void {
  const { body, vectors } = context;
  if (type === "f64" || type === "f64x2") {
    const lane = new Lane(body, type, vectors);
    inDoubles(lane, node, args, context).push();
    lane.release();
  } else {
    const lane = new SingleLane(body, type, vectors);
    inSingles(lane, node, args, context).push();
    lane.release();
  }
}

/** What the code calls, found by writing it once to nowhere. */
function needsOf(emit: ElementwiseCode["emit"]): Omit<ElementwiseCode, "emit"> {
  const math: MathNeed[] = [];
  const hosts: HostKernel[] = [];
  const context: ElementwiseContext = {
    body: new Body(0, "needs", { params: [], results: [] }),
    math(name, lane) {
      if (!math.some((need) => need.name === name && need.lane === lane)) math.push({ name, lane });
      return 0;
    },
    host(kernel) {
      if (!hosts.some(({ name }) => name === kernel.name)) hosts.push(kernel);
      return 0;
    },
  };
  emit(context, () => {});
  const way = hosts.length > 0 ? "host" : math.length > 0 ? "library" : "instructions";
  return { way, math, hosts };
}
