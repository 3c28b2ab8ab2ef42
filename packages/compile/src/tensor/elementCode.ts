import type { Expr } from "@chainrule/core";
import {
  type ElementwiseCode,
  elementwiseCode,
  type HostKernel,
  hostKernelModule,
} from "../elementwise/index.ts";
import { type MathLibrary, type MathNeed, mathLibrary } from "../math/index.ts";
import type { Body, ModuleBuilder } from "../wasm/index.ts";
import type { Lane } from "./loopCode.ts";
import type { LoopStep } from "./step.ts";

/**
 * The code of elementwise nodes in a module: what it calls is declared first, then written.
 *
 * Imports precede functions, so all nodes must be announced by `need` before `begin`.
 */
export class ElementCode {
  readonly hosts: HostKernel[] = [];
  readonly #math: MathNeed[] = [];
  readonly #code = new Map<string, ElementwiseCode>();
  readonly #hostIndices = new Map<string, number>();
  #library: MathLibrary | undefined;

  /** Announces that a node is computed on a lane; tells where. */
  need(node: Expr, lane: Lane): ElementwiseCode["way"] {
    const code = this.#codeOf(node, lane);
    this.#math.push(...code.math);
    for (const host of code.hosts) {
      if (!this.hosts.some(({ name }) => name === host.name)) this.hosts.push(host);
    }
    return code.way;
  }

  /** Whether a loop calls the host, as only the caller's thread may. */
  callsHost({ values, type }: LoopStep): boolean {
    return values.some(({ node }) => this.#codeOf(node, type).way === "host");
  }

  /** Announces functions that others call. */
  needMath(needs: readonly MathNeed[]): void {
    this.#math.push(...needs);
  }

  /** Imports kernels of the interpreter, then adds the mathematics; after all other imports. */
  begin(builder: ModuleBuilder): void {
    for (const { name, arity } of this.hosts) {
      const params = Array.from({ length: arity }, () => "f64" as const);
      this.#hostIndices.set(name, builder.importFunction(hostKernelModule, name, params, ["f64"]));
    }
    this.#library = mathLibrary(builder, this.#math);
  }

  /** Writes the value of a node; `push` pushes locals or constants. */
  emit(body: Body, node: Expr, lane: Lane, push: (argument: number) => void): void {
    const context = {
      body,
      math: (...need: Parameters<MathLibrary["index"]>) => this.math(...need),
      host: ({ name }: HostKernel) => this.#hostIndices.get(name) as number,
    };
    this.#codeOf(node, lane).emit(context, push);
  }

  /** Index of a function of the mathematics. */
  math(...[name, lane]: Parameters<MathLibrary["index"]>): number {
    if (this.#library === undefined) throw new Error("math: begin must come before, got it later");
    return this.#library.index(name, lane);
  }

  /** Code depends on op, attributes and element types alone, so that it is found once for all of these. */
  #codeOf(node: Expr, lane: Lane): ElementwiseCode {
    const { op, key, dtype, args } = node;
    const name = `${lane} ${op.name} ${dtype} ${args.map((arg) => arg.dtype).join()} ${key}`;
    const known = this.#code.get(name);
    if (known !== undefined) return known;
    const code = elementwiseCode(node, lane);
    this.#code.set(name, code);
    return code;
  }
}
