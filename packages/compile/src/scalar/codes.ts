import type { Expr, Op } from "@chainrule/core";
import {
  type ElementwiseCode,
  type ElementwiseContext,
  elementwiseCode,
  type HostKernel,
  hostKernelModule,
} from "../elementwise/index.ts";
import { type MathLane, type MathNeed, mathLibrary } from "../math/index.ts";
import type { Body, ModuleBuilder } from "../wasm/index.ts";

/** The codes of ops on one lane, each found once, and what they call. */
export class Codes {
  readonly lane: MathLane;
  /** Codes of ops without attributes on doubles, the common case. */
  readonly #plain = new Map<Op, ElementwiseCode>();
  readonly #others = new Map<Op, Map<string, ElementwiseCode>>();
  readonly #math = new Map<string, MathNeed>();
  readonly #hosts = new Map<string, HostKernel>();

  constructor(lane: MathLane) {
    this.lane = lane;
  }

  /** The code of a node; depends on its op, attributes and element types alone. */
  of(node: Expr): ElementwiseCode {
    const { op, key, args, dtype } = node;
    const plain = key === "" && dtype === "f64" && args.every((arg) => arg.dtype === "f64");
    if (plain) {
      const known = this.#plain.get(op);
      if (known !== undefined) return known;
      const code = this.#note(elementwiseCode(node, this.lane));
      this.#plain.set(op, code);
      return code;
    }
    let table = this.#others.get(op);
    if (table === undefined) {
      table = new Map();
      this.#others.set(op, table);
    }
    const name = `${dtype} ${args.map((arg) => arg.dtype).join()} ${key}`;
    const known = table.get(name);
    if (known !== undefined) return known;
    const code = this.#note(elementwiseCode(node, this.lane));
    table.set(name, code);
    return code;
  }

  /** Functions of the mathematics library that the codes given so far call. */
  get math(): readonly MathNeed[] {
    return [...this.#math.values()];
  }

  /** Kernels of the interpreter that they call. */
  get hosts(): readonly HostKernel[] {
    return [...this.#hosts.values()];
  }

  /** Imports and adds what the codes given so far call; before the module's first function. */
  begin(builder: ModuleBuilder): (body: Body) => ElementwiseContext {
    const hosts = new Map<string, number>();
    for (const { name, arity } of this.#hosts.values()) {
      const params = Array.from({ length: arity }, () => "f64" as const);
      hosts.set(name, builder.importFunction(hostKernelModule, name, params, ["f64"]));
    }
    const library = mathLibrary(builder, this.#math.values());
    return (body) => ({
      body,
      math: library.index,
      host: ({ name }) => hosts.get(name) as number,
      vectors: library.vectors,
    });
  }

  #note(code: ElementwiseCode): ElementwiseCode {
    for (const need of code.math) this.#math.set(`${need.name} ${need.lane}`, need);
    for (const host of code.hosts) this.#hosts.set(host.name, host);
    return code;
  }
}
