import {
  ArgumentError,
  add,
  cast,
  constant,
  type Dim,
  type Expr,
  flip,
  iota,
  less,
  literalValue,
  logicalAnd,
  moveAxis,
} from "@chainrule/core";
import { cond, scan, whileLoop } from "@chainrule/core/control";
import { exprs } from "../graphReader.ts";
import { asExpr, Known, type OnnxValue } from "../known.ts";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";

/** One of two graphs: read alone where the condition is known, both else. */
const branch: ImportRule = (n) => {
  const condition = n.value(0);
  const side = (name: string): readonly OnnxValue[] => n.graph.inner(n.attributes.graph(name), []);
  if (condition instanceof Known) {
    const [holds = 0] = condition.numbers ?? [];
    return side(holds === 0 ? "else_branch" : "then_branch");
  }
  return cond(
    scalarOf(condition),
    () => exprs(side("then_branch")),
    () => exprs(side("else_branch")),
  ) as readonly Expr[];
};

/** A condition may come as an array of one element. */
function scalarOf(x: Expr): Expr {
  return x.shape.length === 0 ? x : x.reshape([]);
}

/** Steps along axes of the inputs: `scan`, with axes and directions moved to core's. */
const scanned: ImportRule = (n) => {
  const count = n.attributes.number("num_scan_inputs");
  const body = n.attributes.graph("body");
  const all = n.all();
  const states = all.length - count;
  const axes = n.attributes.numbers("scan_input_axes", new Array<number>(count).fill(0));
  const reversed = n.attributes.numbers("scan_input_directions", new Array<number>(count).fill(0));
  const slices = all.slice(states).map((x, i) => {
    const moved = moveAxis(x, n.axis(axes[i] ?? 0, x.shape.length), 0);
    return reversed[i] === 1 ? flip(moved, 0) : moved;
  });
  const [carries, rows] = scan(
    (carry: readonly Expr[], xs: readonly Expr[]) => {
      const out = exprs(n.graph.inner(body, [...carry, ...xs]));
      return [out.slice(0, states), out.slice(states)];
    },
    all.slice(0, states),
    slices,
  ) as unknown as readonly [readonly Expr[], readonly Expr[]];
  const outputs = rows.length;
  const outAxes = n.attributes.numbers("scan_output_axes", new Array<number>(outputs).fill(0));
  const directions = n.attributes.numbers(
    "scan_output_directions",
    new Array<number>(outputs).fill(0),
  );
  const stacked = rows.map((row, i) => {
    const ordered = directions[i] === 1 ? flip(row, 0) : row;
    return moveAxis(ordered, 0, n.axis(outAxes[i] ?? 0, ordered.shape.length));
  });
  return [...carries, ...stacked];
};

/** What a loop of ONNX asks for. */
interface Asked {
  /** The most trips: a number, a named size, or `undefined` for no limit. */
  readonly trips: Dim | undefined;
  readonly started: OnnxValue | undefined;
  readonly init: readonly Expr[];
  readonly run: (t: OnnxValue, going: OnnxValue, carries: readonly Expr[]) => readonly OnnxValue[];
}

function askedOf(n: NodeReading): Asked {
  const body = n.attributes.graph("body");
  const most = n.has(0) ? n.sizes(0)[0] : undefined;
  return {
    trips: typeof most === "number" && most > 2 ** 31 - 1 ? undefined : most,
    started: n.has(1) ? n.value(1) : undefined,
    init: Array.from({ length: n.count - 2 }, (_, i) => n.x(i + 2)),
    run: (t, going, carries) => n.graph.inner(body, [t, going, ...carries]),
  };
}

const isTrue = (value: OnnxValue | undefined): boolean => {
  if (value === undefined) return true;
  if (value instanceof Known) return value.numbers?.every((item) => item !== 0) === true;
  return literalValue(value) === 1;
};

/** A loop of a known number of trips is a `scan` over them, any other a `whileLoop`. */
const loop: ImportRule = (n) => {
  const asked = askedOf(n);
  const going = new Known([], [1], true);
  if (isTrue(asked.started) && asked.trips !== undefined) {
    let always = true;
    const [carries, rows] = scan(
      (carry: readonly Expr[], t: Expr) => {
        const [on, ...rest] = asked.run(t, going, carry);
        always = on === going || isTrue(on);
        const out = exprs(rest);
        return [out.slice(0, carry.length), out.slice(carry.length)];
      },
      asked.init,
      iota(asked.trips),
      { length: asked.trips },
    ) as unknown as readonly [readonly Expr[], readonly Expr[]];
    if (always) return [...carries, ...rows];
  }
  return conditional(asked);
};

function conditional({ trips, started, init, run }: Asked): readonly Expr[] {
  if (typeof trips === "string") {
    throw new ArgumentError(
      `the most trips must be a number, got ${trips} (options.sizes fixes it)`,
    );
  }
  const first = started === undefined ? constant(1, "bool") : scalarOf(asExpr(started));
  const results = whileLoop(
    ([on, t]: readonly Expr[]) =>
      trips === undefined ? (on as Expr) : logicalAnd(on as Expr, less(t as Expr, trips)),
    ([on, t, ...carries]: readonly Expr[]) => {
      const [next, ...rest] = run(t as Expr, on as Expr, carries);
      if (rest.length > carries.length) {
        throw new ArgumentError(
          "a loop that may end early must give no rows of its steps, got some; their number is not known",
        );
      }
      return [cast(scalarOf(asExpr(next as OnnxValue)), "bool"), add(t as Expr, 1), ...exprs(rest)];
    },
    [cast(first, "bool"), constant(0, "i32"), ...init],
    trips === undefined ? {} : { maxTrips: trips },
  ) as unknown as readonly Expr[];
  return results.slice(2);
}

/** Operators that hold graphs. */
export const control: ImportRules = {
  If: branch,
  Loop: loop,
  Scan: scanned,
};
