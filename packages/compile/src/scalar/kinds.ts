import type { Expr, Op } from "@chainrule/core";

/**
 * Numbers nodes by what tells their code apart: op, attributes, element types of result and arguments.
 */
export class Kinds {
  /** The first node of each kind. */
  readonly examples: Expr[] = [];
  /** Kinds without attributes on doubles, the common case. */
  readonly #plain = new Map<Op, number>();
  readonly #others = new Map<Op, Map<string, number>>();

  of(node: Expr): number {
    const { op, key, dtype } = node;
    if (key === "" && dtype === "f64" && areDoubles(node)) {
      const known = this.#plain.get(op);
      if (known !== undefined) return known;
      const kind = this.examples.push(node) - 1;
      this.#plain.set(op, kind);
      return kind;
    }
    let table = this.#others.get(op);
    if (table === undefined) {
      table = new Map();
      this.#others.set(op, table);
    }
    const name = `${dtype} ${node.args.map((arg) => arg.dtype).join()} ${key}`;
    const known = table.get(name);
    if (known !== undefined) return known;
    const kind = this.examples.push(node) - 1;
    table.set(name, kind);
    return kind;
  }
}

function areDoubles({ args }: Expr): boolean {
  for (const { dtype } of args) if (dtype !== "f64") return false;
  return true;
}
