import { type Expr, Lambda, type Type } from "../../expr.ts";
import { rewrite, topological, withArgs } from "../../traverse.ts";
import { argument } from "../leaf.ts";

/** The type of an expression, alone. */
export function typeOf({ shape, dtype }: Expr): Type {
  return { shape, dtype };
}

/** Input number `index` of a closed sub-graph, of a given type. */
export function argumentOf({ shape, dtype }: Type, index: number): Expr {
  return argument(index, shape, dtype);
}

/** Positions of the inputs that the outputs depend on, in ascending order. */
export function usedInputs(outputs: readonly Expr[]): readonly number[] {
  const used: number[] = [];
  for (const node of topological(outputs).nodes) {
    if (node.op === argument.op) used.push(node.attributes["index"] as number);
  }
  return used.sort((a, b) => a - b);
}

/** The outputs of a sub-graph on other expressions in place of its inputs. */
export function inline(outputs: readonly Expr[], given: readonly Expr[]): Expr[] {
  return rewrite(outputs, (node, args) =>
    node.op === argument.op
      ? (given[node.attributes["index"] as number] as Expr)
      : withArgs(node, args),
  );
}

/** The closed sub-graph whose input number k is what was input `order[k]` of the outputs. */
export function relabel(
  outputs: readonly Expr[],
  types: readonly Type[],
  order: readonly number[],
): Lambda {
  const given: Expr[] = [];
  for (const [k, index] of order.entries()) given[index] = argumentOf(types[index] as Type, k);
  return new Lambda(
    order.map((index) => types[index] as Type),
    inline(outputs, given),
  );
}

/** Which of a list are present, as a key. A list may have holes, which count as absent. */
export function flags(list: readonly unknown[]): string {
  return Array.from(list, (one) => (one === undefined || one === false ? "0" : "1")).join("");
}

/** A value made once for each sub-graph and key: what loops and calls keep of their derivatives. */
export class PerLambda<T> {
  readonly #made = new WeakMap<Lambda, Map<string, T>>();

  get(body: Lambda, key: string, make: () => T): T {
    let table = this.#made.get(body);
    if (table === undefined) {
      table = new Map();
      this.#made.set(body, table);
    }
    const known = table.get(key);
    if (known !== undefined) return known;
    const made = make();
    table.set(key, made);
    return made;
  }
}
