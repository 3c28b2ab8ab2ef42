import { ArgumentError, type Expr, formatShape, variable } from "@chainrule/core";
import { foldIn } from "@chainrule/core/random";
import type { Flow, Layer } from "./layer.ts";
import type { Kept, Registry, Wanted } from "./registry.ts";
import { exprsOf, Scope } from "./scope.ts";

/** A layer as it was used: the input it met and the output it gave. */
export interface Used {
  readonly path: string;
  readonly name: string;
  readonly settings: Layer["settings"];
  readonly inputs: readonly Expr[];
  readonly outputs: readonly Expr[];
}

let current: Building | undefined;

/** The graph being built now, for functions that receive no scope. */
export function currentBuilding(where: string): Building {
  if (current === undefined) {
    throw new ArgumentError(`${where}: must be called while a model is built, got a call outside`);
  }
  return current;
}

/** One graph being built: what scopes write into. */
export class Building {
  readonly training: boolean;
  readonly dtype: "f64" | "f32";
  readonly kept: Map<string, Kept> = new Map();
  readonly updates: Map<Expr, Expr> = new Map();
  readonly taps: Map<string, Expr> = new Map();
  readonly scopes: Map<Expr, readonly string[]> = new Map();
  readonly used: Used[] = [];
  readonly #registry: Registry;
  readonly #path: string[] = [];
  #keys = 0;
  #key: Expr | undefined;

  constructor(registry: Registry, training: boolean, dtype: "f64" | "f32") {
    this.#registry = registry;
    this.training = training;
    this.dtype = dtype;
  }

  /** The source of all randomness of the graph, if it has any: an input that must change every step. */
  get key(): Expr | undefined {
    return this.#key;
  }

  /** Builds a layer on an input, under a path. */
  enter<I extends Flow, O extends Flow>(path: string, used: Layer<I, O>, input: I): O {
    const inputs = exprsOf(path || used.name, input);
    const before = current;
    current = this;
    this.#path.push(used.plain === true ? (this.#path.at(-1) ?? "") : path);
    try {
      const output = used.build(input, new Scope(this, path));
      const outputs = exprsOf(path || used.name, output);
      if (used.plain !== true) this.#claim(path, inputs, outputs);
      this.used.push({ path, name: used.name, settings: used.settings, inputs, outputs });
      return output;
    } catch (error) {
      throw placed(error, path, inputs);
    } finally {
      this.#path.pop();
      current = before;
    }
  }

  keep(wanted: Wanted): Expr {
    const kept = this.#registry.keep(wanted);
    this.kept.set(kept.path, kept);
    this.scopes.set(kept.node, kept.path.split(".").slice(0, -1));
    return kept.node;
  }

  /** Throws ArgumentError if one step would replace a state twice, or by another shape. */
  update(path: string, value: Expr, next: Expr): void {
    const same = next.dtype === value.dtype && formatShape(next.shape) === formatShape(value.shape);
    if (!same) {
      throw new ArgumentError(
        `${path}: a state must be replaced by ${value.dtype}${formatShape(value.shape)}, got ${next.dtype}${formatShape(next.shape)}`,
      );
    }
    if (!this.training) return;
    if (this.updates.has(value)) {
      throw new ArgumentError(`${path}: a state must be replaced once a step, got a second update`);
    }
    this.updates.set(value, next);
  }

  randomKey(): Expr {
    this.#key ??= variable("randomness", [2], "i32");
    return foldIn(this.#key, this.#keys++);
  }

  tap(path: string, expr: Expr): void {
    const known = this.taps.get(path);
    if (known !== undefined && known !== expr) {
      throw new ArgumentError(`tap: one name must stand for one value, got ${path} for two`);
    }
    this.taps.set(path, expr);
  }

  /** The path of the layer being built, for functions that receive no scope. */
  tapHere(name: string, expr: Expr): void {
    const path = this.#path.at(-1) ?? "";
    this.tap(path === "" ? name : `${path}.${name}`, expr);
  }

  /** Every node between inputs and outputs that no inner layer claimed was built here. */
  #claim(path: string, inputs: readonly Expr[], outputs: readonly Expr[]): void {
    if (path === "") return;
    const names = path.split(".");
    const open = [...outputs];
    for (const [state, next] of this.updates) {
      if (this.scopes.get(state)?.join(".") === path) open.push(next);
    }
    const outside = new Set(inputs);
    while (open.length > 0) {
      const node = open.pop() as Expr;
      if (node.args.length === 0 || outside.has(node) || this.scopes.has(node)) continue;
      this.scopes.set(node, names);
      open.push(...node.args);
    }
  }
}

/** An error of the same class that also says in which layer, on which input. */
function placed(error: unknown, path: string, inputs: readonly Expr[]): unknown {
  if (!(error instanceof Error) || path === "") return error;
  if (error.message.includes("\n  in layer ")) return error;
  const shapes = inputs.map(({ shape }) => formatShape(shape)).join(", ");
  error.message = `${error.message}\n  in layer ${path} on an input of shape ${shapes}`;
  return error;
}
