import {
  type Expr,
  fitting,
  matmul,
  type Program,
  parameter,
  type Trace,
  variable,
} from "@chainrule/core";

/** Which nodes of a graph are steps of its derivation, and what they are called. */
export interface Naming {
  /** Inputs and steps in forward order. */
  readonly nodes: readonly Expr[];
  readonly names: ReadonlyMap<Expr, string>;
  /** The leaf that stands for each in expressions; an input for itself. */
  readonly standIns: ReadonlyMap<Expr, Expr>;
}

/** Names for a result that has none. */
const RESULTS = ["y", "f", "L", "result"];

/**
 * Steps are the nodes a program names, and those used more than once; every operation on the highest
 * level of detail, or where the program names none. What has no name is v1, v2 … in forward order.
 * A product of a vector is one step on all but the highest level: how its axes are fitted is none.
 */
export function nameSteps(trace: Trace, program: Program | undefined, detail: 1 | 2 | 3): Naming {
  const given = program?.names ?? new Map<Expr, string>();
  const varying = variesOf(trace);
  const inner = trace.nodes.filter(
    ({ node }) => node.args.length > 0 && node !== trace.output && given.has(node),
  );
  const single = detail === 3 || inner.length === 0;
  const uses = new Map<Expr, number>();
  const inProducts = new Set<Expr>();
  for (const { node } of trace.nodes) {
    for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
    if (detail === 3 || fitting(node) === undefined) continue;
    const [x] = node.args;
    inProducts.add(x?.op === matmul.op ? x : node);
  }
  const chosen = trace.nodes.filter(({ node }) => {
    // A number for good is a step only where it is all there is.
    if (node === trace.output) return true;
    // An op with several results has no value of its own; each result is read by an item.
    if (!varying.has(node) || node.op.items !== undefined) return false;
    if (node.args.length === 0) return true;
    const often = (uses.get(node) ?? 0) > 1;
    return given.has(node) || often || (single && !inProducts.has(node));
  });
  const names = new Map<Expr, string>();
  const taken = new Set<string>();
  for (const name of [...given.values(), ...trace.nodes.flatMap(({ name }) => name ?? [])]) {
    // v1 and v_1 are two names, but one formula.
    taken.add(name).add(name.replace("_", ""));
  }
  const fresh = (candidates: (count: number) => string): string => {
    for (let count = 1; ; count++) {
      const name = candidates(count);
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  const used = new Set<string>();
  let count = 0;
  for (const { node, name } of chosen) {
    const own = given.get(node) ?? name;
    if (own !== undefined && !used.has(own)) {
      used.add(own);
      names.set(node, own);
    } else if (own !== undefined)
      names.set(
        node,
        fresh((n) => `${own}_${n + 1}`),
      );
    else if (node === trace.output) {
      names.set(
        node,
        fresh((n) => RESULTS[n - 1] ?? `result_${n}`),
      );
    } else
      names.set(
        node,
        fresh(() => `v${++count}`),
      );
  }
  const standIns = new Map<Expr, Expr>();
  for (const { node } of chosen) {
    const name = names.get(node) as string;
    const itself = inputName(node) === name;
    standIns.set(node, itself ? node : parameter(name, node.shape, node.dtype));
  }
  return { nodes: chosen.map(({ node }) => node), names, standIns };
}

/** Nodes that depend on an input: numbers and what is made of them only are not steps. */
function variesOf(trace: Trace): ReadonlySet<Expr> {
  const out = new Set<Expr>();
  for (const { node } of trace.nodes) {
    if (inputName(node) !== undefined || node.args.some((arg) => out.has(arg))) out.add(node);
  }
  return out;
}

/** The name of an input, `undefined` for every other node. */
export function inputName({ op, attributes }: Expr): string | undefined {
  return op === variable.op || op === parameter.op ? (attributes["name"] as string) : undefined;
}
