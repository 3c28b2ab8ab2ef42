import { ArgumentError, describe, EvaluationError } from "../errors.ts";
import { type Attribute, type Attributes, type Expr, Lambda } from "../expr.ts";
import { apply } from "../intern.ts";
import { abstract, abstractAttributes } from "../ops/control/abstract.ts";
import { type Callback, call, traceCallback } from "../ops/control/call.ts";
import { argumentOf, typeOf } from "../ops/control/lambda.ts";
import { constant } from "../ops/leaf.ts";
import { rewrite, withArgs } from "../traverse.ts";
import { pullback } from "./reverse.ts";

/** Bodies by name, for functions without one. */
export type FunctionBodies = Readonly<Record<string, Callback<Expr>>>;

/**
 * Expressions with bodies in place of functions without one: u(x) becomes a call of the body, and
 * u''(x) a call of its second derivative. Functions that are not named stay as they are.
 *
 * Throws ArgumentError unless a body gives a scalar and takes all it uses as arguments.
 */
export function withFunctions<const E extends readonly Expr[]>(
  outputs: E,
  bodies: FunctionBodies,
): { -readonly [K in keyof E]: E[K] } {
  if (bodies === null || typeof bodies !== "object") {
    throw new ArgumentError(`withFunctions: bodies must be given by name, got ${describe(bodies)}`);
  }
  const filler = new Filler(bodies);
  return filler.fill(outputs) as { -readonly [K in keyof E]: E[K] };
}

/** Loops nest as they were written; deeper is no program anybody wrote. */
const MAX_NESTING = 64;

class Filler {
  readonly #bodies: FunctionBodies;
  readonly #lambdas = new Map<Lambda, Lambda>();
  readonly #derivatives = new Map<string, Lambda>();
  #nesting = 0;

  constructor(bodies: FunctionBodies) {
    this.#bodies = bodies;
  }

  fill(outputs: readonly Expr[]): Expr[] {
    return rewrite(outputs, (node, args) => {
      if (node.op === abstract.op) return this.#call(node, args);
      const attributes = this.#inside(node.attributes);
      if (attributes === node.attributes) return withArgs(node, args);
      return apply(node.op, args, attributes);
    });
  }

  #call(node: Expr, args: readonly Expr[]): Expr {
    const { of, name, orders } = abstractAttributes(node.attributes);
    const body = Object.hasOwn(this.#bodies, of) ? this.#bodies[of] : undefined;
    if (body === undefined) return withArgs(node, args);
    return call(this.#derivative(of, body, args, orders), args, name);
  }

  /** The body differentiated as often as `orders` say by each argument, as a sub-graph. */
  #derivative(
    name: string,
    body: Callback<Expr>,
    args: readonly Expr[],
    orders: readonly number[],
  ): Lambda {
    const types = args.map(typeOf);
    const key = `${name} ${orders.join()} ${types.map(({ dtype }) => dtype).join()}`;
    const known = this.#derivatives.get(key);
    if (known !== undefined) return known;
    const where = `withFunctions: ${name}`;
    const traced = traceCallback(where, body, types, "leaves");
    let value = traced.body.outputs[0] as Expr;
    if (!traced.single || value.shape.length > 0) {
      throw new ArgumentError(`${where}: the body must give a scalar, got ${describe(value)}`);
    }
    if (traced.captures.length > 0) {
      const { name: outer } = (traced.captures[0] as Expr).attributes;
      throw new ArgumentError(
        `${where}: the body must take what it uses as arguments, got ${String(outer)} from outside`,
      );
    }
    const leaves = types.map(argumentOf);
    for (const [i, order] of orders.entries()) {
      for (let k = 0; k < order; k++) {
        const sent = pullback([value], [constant(1, value.dtype)], [leaves[i] as Expr])[0];
        value = sent ?? constant(0, value.dtype);
      }
    }
    const made = new Lambda(types, [value]);
    this.#derivatives.set(key, made);
    return made;
  }

  /** The same attributes, the bodies of loops and calls among them filled too. */
  #inside(attributes: Attributes): Attributes {
    let filled: Record<string, Attribute> | undefined;
    for (const [name, value] of Object.entries(attributes)) {
      if (!(value instanceof Lambda)) continue;
      const next = this.#lambda(value);
      if (next !== value) filled = { ...(filled ?? attributes), [name]: next };
    }
    return filled ?? attributes;
  }

  #lambda(body: Lambda): Lambda {
    const known = this.#lambdas.get(body);
    if (known !== undefined) return known;
    if (this.#nesting === MAX_NESTING) {
      throw new EvaluationError(
        `withFunctions: loops and calls must nest at most ${MAX_NESTING} deep, got more`,
      );
    }
    this.#nesting++;
    const outputs = this.fill(body.outputs);
    this.#nesting--;
    const same = outputs.every((output, i) => output === body.outputs[i]);
    const made = same ? body : new Lambda(body.inputs, outputs);
    this.#lambdas.set(body, made);
    return made;
  }
}
