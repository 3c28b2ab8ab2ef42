import type { Expr, Lambda } from "./expr.ts";
import type { EvaluationContext, TupleValue } from "./op.ts";
import { argument } from "./ops/leaf.ts";
import { item } from "./ops/tuple.ts";
import type { Sizes } from "./shape.ts";
import { topological } from "./traverse.ts";

/**
 * Which results of nodes with several are read among `nodes`; those of the outputs all are.
 *
 * A loop keeps the history of its states only where somebody reads it.
 */
export function readItems(
  nodes: readonly Expr[],
  outputs: readonly Expr[],
): (node: Expr, index: number) => boolean {
  const read = new Map<Expr, Set<number>>();
  for (const node of nodes) {
    if (node.op !== item.op) continue;
    const tuple = node.args[0] as Expr;
    const index = node.attributes["index"] as number;
    const known = read.get(tuple);
    if (known === undefined) read.set(tuple, new Set([index]));
    else known.add(index);
  }
  const whole = new Set(outputs.filter(({ op }) => op.items !== undefined));
  return (node, index) => whole.has(node) || read.get(node)?.has(index) === true;
}

/** An evaluation in which kernels may run closed sub-graphs. */
export function makeContext(
  sizes: Sizes,
  wants: EvaluationContext["wants"] = () => true,
): EvaluationContext {
  const plans = new WeakMap<Lambda, LambdaPlan>();
  const call: EvaluationContext["call"] = (body, inputs) => {
    let plan = plans.get(body);
    if (plan === undefined) {
      plan = new LambdaPlan(body, sizes, call);
      plans.set(body, plan);
    }
    return plan.run(inputs);
  };
  return { sizes, call, wants };
}

/** One step of a plan: a node, and where the values of its arguments lie. */
interface Step {
  readonly node: Expr;
  readonly slot: number;
  readonly sources: readonly number[];
  /** Filled anew for every run, so that a long loop makes no garbage here. */
  readonly values: TupleValue[];
}

/**
 * A closed sub-graph in the order it runs, values in slots: a loop runs it once a step.
 *
 * What depends on no input is computed by the first run only.
 */
class LambdaPlan implements EvaluationContext {
  readonly sizes: Sizes;
  readonly call: EvaluationContext["call"];
  readonly wants: EvaluationContext["wants"];
  readonly #slots: TupleValue[];
  readonly #inputs: { readonly slot: number; readonly index: number }[] = [];
  readonly #fixed: Step[] = [];
  readonly #steps: Step[] = [];
  readonly #outputs: readonly number[];
  #started = false;

  constructor(body: Lambda, sizes: Sizes, call: EvaluationContext["call"]) {
    this.sizes = sizes;
    this.call = call;
    const order = topological(body.outputs);
    const { nodes } = order;
    this.wants = readItems(nodes, body.outputs);
    this.#slots = new Array(nodes.length).fill(0);
    this.#outputs = body.outputs.map((output) => order.indexOf(output));
    const varies = new Uint8Array(nodes.length);
    for (let slot = 0; slot < nodes.length; slot++) {
      const node = nodes[slot] as Expr;
      if (node.op === argument.op) {
        varies[slot] = 1;
        this.#inputs.push({ slot, index: node.attributes["index"] as number });
        continue;
      }
      const sources = node.args.map((arg) => order.indexOf(arg));
      if (sources.some((source) => varies[source] === 1)) varies[slot] = 1;
      const step: Step = { node, slot, sources, values: new Array(sources.length).fill(0) };
      (varies[slot] === 1 ? this.#steps : this.#fixed).push(step);
    }
  }

  run(inputs: readonly TupleValue[]): readonly TupleValue[] {
    const slots = this.#slots;
    for (const { slot, index } of this.#inputs) slots[slot] = inputs[index] as TupleValue;
    if (!this.#started) this.#evaluate(this.#fixed);
    this.#started = true;
    this.#evaluate(this.#steps);
    return this.#outputs.map((slot) => slots[slot] as TupleValue);
  }

  #evaluate(steps: readonly Step[]): void {
    const slots = this.#slots;
    for (const { node, slot, sources, values } of steps) {
      for (let i = 0; i < sources.length; i++) {
        values[i] = slots[sources[i] as number] as TupleValue;
      }
      slots[slot] = node.op.evaluate(values, node, this);
    }
  }
}
