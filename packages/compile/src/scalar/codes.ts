import type { Expr } from "@chainrule/core";
import {
  type ElementwiseCode,
  type ElementwiseContext,
  elementwiseCode,
  type HostKernel,
  hostKernelModule,
} from "../elementwise/index.ts";
import { type MathLane, type MathNeed, mathLibrary } from "../math/index.ts";
import type { Body, ModuleBuilder } from "../wasm/index.ts";

/** The codes of the kinds of nodes on one lane, and what they call. */
export class Codes {
  readonly lane: MathLane;
  /** By kind. */
  readonly list: readonly ElementwiseCode[];
  readonly #used: readonly ElementwiseCode[];

  /** `examples` are nodes of each kind; `isUsed` tells which kinds there are on this lane. */
  constructor(
    lane: MathLane,
    examples: readonly Expr[],
    isUsed: (kind: number) => boolean = () => true,
  ) {
    this.lane = lane;
    this.list = examples.map((node) => elementwiseCode(node, lane));
    this.#used = this.list.filter((_, kind) => isUsed(kind));
  }

  /** Functions of the mathematics library that they call. */
  get math(): readonly MathNeed[] {
    const needs = this.#used.flatMap(({ math }) => math);
    return [...new Map(needs.map((need) => [`${need.name} ${need.lane}`, need])).values()];
  }

  /** Kernels of the interpreter that they call. */
  get hosts(): readonly HostKernel[] {
    const hosts = this.#used.flatMap((code) => code.hosts);
    return [...new Map(hosts.map((kernel) => [kernel.name, kernel])).values()];
  }
}

/** Imports and adds what codes call; before the module's first function. */
export function beginCodes(
  builder: ModuleBuilder,
  codes: readonly Codes[],
): (body: Body) => ElementwiseContext {
  const hosts = new Map<string, number>();
  for (const { name, arity } of codes.flatMap((one) => one.hosts)) {
    if (hosts.has(name)) continue;
    const params = Array.from({ length: arity }, () => "f64" as const);
    hosts.set(name, builder.importFunction(hostKernelModule, name, params, ["f64"]));
  }
  const library = mathLibrary(
    builder,
    codes.flatMap((one) => one.math),
  );
  return (body) => ({
    body,
    math: library.index,
    host: ({ name }) => hosts.get(name) as number,
    vectors: library.vectors,
  });
}
