import {
  ArgumentError,
  add,
  type Dim,
  div,
  type Expr,
  expandDims,
  full,
  iota,
  less,
  matmul,
  mul,
  pick,
  relu,
  sigmoid,
  slice,
  softplus,
  stack,
  sub,
  tanh,
  transpose,
  where,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";

type Activation = (x: Expr) => Expr;

const activations: Readonly<Record<string, Activation>> = {
  relu: (x) => relu(x),
  sigmoid: (x) => sigmoid(x),
  softplus: (x) => softplus(x),
  softsign: (x) => div(x, add(1, where(less(x, 0), sub(0, x), x))),
  tanh: (x) => tanh(x),
};

/** The weights of one direction, transposed: products have the batch on the left. */
interface Direction {
  readonly reverse: boolean;
  /** W xᵀ and both biases where these may be added at once, for all steps: [steps, batch, gates · hidden]. */
  readonly projected: Expr;
  readonly recurrent: Expr;
  /** The bias of the recurrent product, [gates · hidden], where there is one. */
  readonly bias: Expr | undefined;
  readonly peepholes: Expr | undefined;
  readonly init: readonly Expr[];
  readonly activations: readonly Activation[];
}

/** A cell: from a step's projection and the carries to the next carries, of which the first is the output. */
type Cell = (projected: Expr, carries: readonly Expr[], direction: Direction) => readonly Expr[];

const part = (x: Expr, i: number, hidden: number): Expr =>
  slice(x, -1, i * hidden, (i + 1) * hidden);

/** Runs a cell over time, in one direction or both. */
function recurrent(
  gates: number,
  states: number,
  usual: readonly string[],
  make: (n: NodeReading) => Cell,
): ImportRule {
  return (n) => {
    const { attributes } = n;
    for (const name of ["clip", "input_forget"]) {
      if (attributes.has(name) && attributes.number(name) !== 0) {
        throw new ArgumentError(
          `attribute ${name} must be left out, got ${attributes.number(name)}`,
        );
      }
    }
    const batchFirst = attributes.number("layout", 0) !== 0;
    const given = n.x(0);
    const x = batchFirst ? transpose(given, [1, 0, 2]) : given;
    const [steps, batch] = x.shape as readonly [Dim, Dim, Dim];
    const hidden = n.x(2).shape.at(-1) as number;
    const direction = attributes.text("direction", "forward");
    const reverses = direction === "bidirectional" ? [false, true] : [direction === "reverse"];
    const names = attributes.texts(
      "activations",
      reverses.flatMap(() => usual),
    );
    const cell = make(n);
    const lengths = n.has(4) ? n.x(4) : undefined;
    const bias = n.has(3) ? n.x(3) : undefined;
    const results = reverses.map((reverse, d) => {
      const of = (i: number): Expr => pick(n.x(i), 0, d);
      const own = bias === undefined ? undefined : pick(bias, 0, d);
      const product = matmul(x, transpose(of(1)));
      const inputBias = own === undefined ? undefined : slice(own, 0, 0, gates * hidden);
      const init = Array.from({ length: states }, (_, s) => {
        if (!n.has(5 + s)) return full(0, [batch, hidden], x.dtype);
        return pick(n.x(5 + s), batchFirst ? 1 : 0, d);
      });
      const side: Direction = {
        reverse,
        projected: inputBias === undefined ? product : add(product, inputBias),
        recurrent: transpose(of(2)),
        bias: own === undefined ? undefined : slice(own, 0, gates * hidden),
        peepholes: states === 2 && n.has(7) ? of(7) : undefined,
        init,
        activations: usual.map((_, i) => activation(names[d * usual.length + i] as string)),
      };
      return overTime(cell, side, lengths, steps);
    });
    const all = stack(
      results.map(({ outputs }) => outputs),
      1,
    );
    const last = Array.from({ length: states }, (_, s) =>
      stack(
        results.map(({ carries }) => carries[s] as Expr),
        batchFirst ? 1 : 0,
      ),
    );
    return [batchFirst ? transpose(all, [2, 0, 1, 3]) : all, ...last];
  };
}

function activation(name: string): Activation {
  const found = activations[name.toLowerCase()];
  if (found !== undefined) return found;
  throw new ArgumentError(
    `activations must be of ${Object.keys(activations).join(", ")}, got ${JSON.stringify(name)}`,
  );
}

/** Beyond a sequence's own length states stay, and outputs are 0. */
function overTime(
  cell: Cell,
  direction: Direction,
  lengths: Expr | undefined,
  steps: Dim,
): { readonly carries: readonly Expr[]; readonly outputs: Expr } {
  const xs = lengths === undefined ? [direction.projected] : [direction.projected, iota(steps)];
  const [carries, outputs] = scan(
    (before: readonly Expr[], [projected, t]: readonly Expr[]) => {
      const next = cell(projected as Expr, before, direction);
      if (lengths === undefined || t === undefined) return [next, next[0] as Expr];
      const inside = expandDims(less(t, lengths), -1);
      const kept = next.map((state, i) => where(inside, state, before[i] as Expr));
      return [kept, where(inside, kept[0] as Expr, 0)];
    },
    direction.init,
    xs,
    { reverse: direction.reverse },
  ) as unknown as readonly [readonly Expr[], Expr];
  return { carries, outputs };
}

/** `h W + b` of the recurrent side. */
function recurrentPart(h: Expr, { recurrent: weights, bias }: Direction): Expr {
  const product = matmul(h, weights);
  return bias === undefined ? product : add(product, bias);
}

const rnnCell: Cell = (projected, [h], direction) => {
  const [f] = direction.activations as readonly [Activation];
  return [f(add(projected, recurrentPart(h as Expr, direction)))];
};

/** Gates in the order i, o, f, c. */
const lstmCell: Cell = (projected, [h, c], direction) => {
  const [f, g, last] = direction.activations as readonly [Activation, Activation, Activation];
  const cell = c as Expr;
  const hidden = cell.shape.at(-1) as number;
  const sum = add(projected, recurrentPart(h as Expr, direction));
  const { peepholes } = direction;
  const peeped = (i: number, k: number, seen: Expr): Expr => {
    const own = part(sum, i, hidden);
    return peepholes === undefined ? own : add(own, mul(part(peepholes, k, hidden), seen));
  };
  const input = f(peeped(0, 0, cell));
  const forget = f(peeped(2, 2, cell));
  const next = add(mul(forget, cell), mul(input, g(part(sum, 3, hidden))));
  return [mul(f(peeped(1, 1, next)), last(next)), next];
};

/** Gates in the order z, r, h. */
const gruCell =
  (n: NodeReading): Cell =>
  (projected, [state], direction) => {
    const [f, g] = direction.activations as readonly [Activation, Activation];
    const h = state as Expr;
    const hidden = h.shape.at(-1) as number;
    const { recurrent: weights, bias } = direction;
    const of = (i: number): Expr => part(weights, i, hidden);
    const plus = (x: Expr, i: number): Expr =>
      bias === undefined ? x : add(x, part(bias, i, hidden));
    const gate = (i: number): Expr => f(add(part(projected, i, hidden), plus(matmul(h, of(i)), i)));
    const [update, reset] = [gate(0), gate(1)];
    const inner =
      n.attributes.number("linear_before_reset", 0) === 0
        ? plus(matmul(mul(reset, h), of(2)), 2)
        : mul(reset, plus(matmul(h, of(2)), 2));
    const fresh = g(add(part(projected, 2, hidden), inner));
    return [add(mul(sub(1, update), fresh), mul(update, h))];
  };

/** Layers over time. */
export const recurrents: ImportRules = {
  GRU: recurrent(3, 1, ["Sigmoid", "Tanh"], gruCell),
  LSTM: recurrent(4, 2, ["Sigmoid", "Tanh", "Tanh"], () => lstmCell),
  RNN: recurrent(1, 1, ["Tanh"], () => rnnCell),
};
