import {
  type Bindable,
  type Bindings,
  backprop,
  type Expr,
  isFloat,
  Program,
  type Trace,
} from "@chainrule/core";
import { Arithmetic } from "./arithmetic.ts";
import { Chains } from "./chains.ts";
import { componentsOf, symbolsIn } from "./components.ts";
import { cut } from "./cut.ts";
import { dependence } from "./dependence.ts";
import {
  type MatrixDerivation,
  matrixDerivation,
  needsMatrices,
} from "./matrix/matrixDerivation.ts";
import { type DerivationOptions, type DerivationSettings, settingsOf } from "./options.ts";
import type { Component, Derivative, Quantity, Step, Update } from "./quantity.ts";
import { inputName, type Naming, nameSteps } from "./steps.ts";
import { wanted } from "./wanted.ts";

/** The worked solution of a scalar graph, as data. */
export interface ScalarDerivation {
  readonly kind: "scalar";
  readonly output: Quantity;
  readonly inputs: readonly Quantity[];
  /** The forward pass, in its order; the last is the output. */
  readonly steps: readonly Step[];
  readonly derivatives: readonly Derivative[];
  /** Upstream derivatives that sums refer to, from the output down. */
  readonly adjoints: readonly Derivative[];
  readonly updates: readonly Update[];
  readonly settings: DerivationSettings;
  /** Whether values are known; without, everything stays in symbols. */
  readonly numbers: boolean;
}

/** The worked solution of a graph: scalars path by path, tensors in matrix form. */
export type Derivation = ScalarDerivation | MatrixDerivation;

/**
 * The worked solution of `∂output/∂x` as data, for the printers `derivationText`,
 * `derivationMarkdown`, `derivationLatex` and `derivationHtml`.
 *
 * Forward pass, then each derivative as the product of named partials along each path, each derived
 * by its rule, numbers substituted, multiplied, summed over the paths, and the update on request.
 * All numbers and partials are those of `backprop`. Without values everything stays in symbols.
 *
 * Throws ArgumentError for a name that is no input or step, BindingError for values that do not fit.
 */
export function derivation(
  target: Expr | Program,
  values?: Bindings,
  options: DerivationOptions = {},
): Derivation {
  const program = target instanceof Program ? target : undefined;
  const output = target instanceof Program ? target.result : target;
  const bindings = merged(program, values);
  const numbers = bindings !== undefined;
  if (needsMatrices(output)) return matrixDerivation(output, program, bindings, options);
  const trace = backprop(target, bindings ?? {}, { symbolic: bindings === undefined });
  const naming = nameSteps(trace, program, options.detail ?? 2);
  const chain = trace.nodes.filter(({ node }) => inputName(node) !== undefined).length === 1;
  const settings = settingsOf(options, chain && isChain(trace, naming));
  const arithmetic = new Arithmetic(settings.format, settings.carry, numbers);
  const forward = forwardPass(trace, naming, arithmetic);
  const { quantities } = forward;
  const components = new Map<Expr, readonly Component[]>();
  const dependsOn = dependence(forward.steps);
  for (const step of forward.steps) {
    components.set(step.node, componentsOf(step, quantities, trace, arithmetic, dependsOn));
  }
  const result = quantities.get(output) as Quantity;
  const chains = new Chains(result, forward.all, components, trace, arithmetic, settings);
  const differentiable = forward.inputs.filter(({ node }) => isFloat(node.dtype));
  const wrt =
    options.wrt === undefined
      ? differentiable
      : wanted(options.wrt, forward.all, program, (node, name) => {
          return { node, symbol: node, name, value: arithmetic.given(Number.NaN) };
        });
  const derivatives = wrt.map((by) => chains.derivative(by));
  return {
    kind: "scalar",
    output: result,
    inputs: forward.inputs,
    steps: forward.steps,
    derivatives,
    adjoints: chains.adjoints(),
    updates: updatesOf(derivatives, options, arithmetic),
    settings,
    numbers,
  };
}

interface Forward {
  readonly inputs: readonly Quantity[];
  readonly steps: readonly Step[];
  readonly all: readonly Quantity[];
  readonly quantities: ReadonlyMap<Expr, Quantity>;
}

function forwardPass(trace: Trace, naming: Naming, arithmetic: Arithmetic): Forward {
  const quantities = new Map<Expr, Quantity>();
  const bySymbol = new Map<Expr, Quantity>();
  const add = (quantity: Quantity): void => {
    quantities.set(quantity.node, quantity);
    bySymbol.set(quantity.symbol, quantity);
  };
  const inputs: Quantity[] = [];
  const steps: Step[] = [];
  for (const node of naming.nodes) {
    const full = trace.at(node)?.value as number;
    const shared = {
      node,
      symbol: naming.standIns.get(node) as Expr,
      name: naming.names.get(node) as string,
    };
    if (inputName(node) !== undefined) {
      const input = { ...shared, value: arithmetic.given(full) };
      inputs.push(input);
      add(input);
      continue;
    }
    const definition = cut(node, naming.standIns, node);
    const sources = symbolsIn(definition, bySymbol);
    const value = arithmetic.expression(full, definition, sources);
    const step = { ...shared, value, definition, sources };
    steps.push(step);
    add(step);
  }
  return { inputs, steps, all: [...quantities.values()], quantities };
}

/** Whether every step has one source: a composition of functions of one variable. */
function isChain(trace: Trace, naming: Naming): boolean {
  const uses = new Map<Expr, number>();
  for (const { node } of trace.nodes) {
    for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  }
  return naming.nodes.every((node) => node === trace.output || uses.get(node) === 1);
}

/** The values of the program's text, and those given, which come first. */
export function merged(
  program: Program | undefined,
  values: Bindings | undefined,
): Bindings | undefined {
  const own = program?.values ?? {};
  if (values === undefined) return Object.keys(own).length === 0 ? undefined : own;
  if (!(values instanceof Map)) return { ...own, ...values };
  const out = new Map<Expr, Bindable>(values);
  for (const [name, value] of Object.entries(own)) {
    const node = program?.variables[name];
    if (node !== undefined && !out.has(node)) out.set(node, value);
  }
  return out;
}

function updatesOf(
  derivatives: readonly Derivative[],
  { update: rate, updated }: DerivationOptions,
  arithmetic: Arithmetic,
): Update[] {
  if (rate === undefined) return [];
  const eta = arithmetic.given(rate);
  const chosen = derivatives.filter(({ by, method }) => {
    if (by.node.args.length > 0 || method === "none") return false;
    return updated === undefined || updated.some((one) => one === by.node || one === by.name);
  });
  return chosen.map((derivative) => {
    const { by, value } = derivative;
    const full = by.value.value - rate * value.value;
    const printed = Number(by.value.text) - rate * Number(value.text);
    const operands = [by.value, eta, value];
    return { of: by, derivative, rate, value: arithmetic.result(full, printed, operands, true) };
  });
}
