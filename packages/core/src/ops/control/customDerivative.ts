import { close } from "../../closure.ts";
import { ArgumentError, describe, ShapeError } from "../../errors.ts";
import { type Attributes, Expr, type Lambda, type Operand, type Type } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { defineOp, type Elements, type WithOp } from "../../op.ts";
import { formatShape, sameShape } from "../../shape.ts";
import { isDifferentiable } from "../leaf.ts";
import { full } from "../movement.ts";
import { traceCallback } from "./call.ts";
import { inline, typeOf } from "./lambda.ts";
import { checkFunction, checkInputs, flatten, placeholders } from "./structure.ts";

/** The derivative of a function as its author wants it. Each rule must be linear in what it carries. */
export interface DerivativeRules {
  /** Adjoints of the arguments, `undefined` where nothing flows. */
  readonly vjp?: (
    args: readonly Expr[],
    out: Expr,
    adjoint: Expr,
  ) => readonly (Operand | undefined)[];
  /** Tangent of the result. A tangent is zero where an argument does not vary. */
  readonly jvp?: (args: readonly Expr[], out: Expr, tangents: readonly Expr[]) => Operand;
}

/** The attributes of a function with a derivative of its own. */
export interface CustomAttributes {
  readonly body: Lambda;
  readonly name: string;
  /** From arguments, result, adjoint to the adjoints that exist. */
  readonly vjp: Lambda | undefined;
  /** The arguments those adjoints belong to. */
  readonly reached: readonly number[];
  /** From arguments, result, tangents to the tangent. */
  readonly jvp: Lambda | undefined;
}

/** What readers of the graph may know of a node of `customDerivative`. */
export function customAttributes(attributes: Attributes): CustomAttributes {
  return attributes as unknown as CustomAttributes;
}

type CustomBuilder = (
  f: (...args: Expr[]) => Expr,
  rules: DerivativeRules,
) => (...args: readonly Operand[]) => Expr;

/**
 * The function f with a derivative of its own: for implicit functions, for stability, to clip.
 *
 * One rule is enough: each is linear in the adjoint or the tangents, and the other mode is its
 * transpose. The function and the rules must take what they use as arguments.
 * Throws ArgumentError if there is no rule, or one uses a variable from outside.
 */
export const customDerivative: WithOp<CustomBuilder> = defineOp(
  {
    name: "customDerivative",
    arity: undefined,
    infer: (args, attributes) => {
      const { body, vjp, jvp, reached } = customAttributes(attributes);
      const out = body.outputs[0] as Expr;
      checkInputs("customDerivative", body.inputs, args);
      if (vjp !== undefined) {
        checkInputs("customDerivative: vjp", vjp.inputs, [...args, out, out]);
        const types = reached.map((i) => args[i] as Expr);
        checkInputs("customDerivative: adjoints", types, vjp.outputs);
      }
      if (jvp !== undefined) {
        checkInputs("customDerivative: jvp", jvp.inputs, [...args, out, ...args]);
        checkInputs("customDerivative: tangent", [out], jvp.outputs);
      }
      return typeOf(out);
    },
    evaluate: (values, { attributes }, context) =>
      context.call(customAttributes(attributes).body, values)[0] as never,
    vjp: (node, adjoint, wanted, { pullback }) => {
      const { vjp, jvp, reached } = customAttributes(node.attributes);
      const out: (Expr | undefined)[] = node.args.map(() => undefined);
      if (vjp !== undefined) {
        const sent = inline(vjp.outputs, [...node.args, node, adjoint]);
        for (const [k, i] of reached.entries()) if (wanted[i] === true) out[i] = sent[k];
        return out;
      }
      // x̄ = ∂⟨ẏ(ẋ), ȳ⟩/∂ẋ, at any ẋ since ẏ is linear in it.
      const tangents = placeholders(node.args.map(typeOf));
      const tangent = inline((jvp as Lambda).outputs, [...node.args, node, ...tangents]);
      const wrt = node.args.flatMap((_, i) => (wanted[i] === true ? [i] : []));
      const sent = pullback(
        tangent,
        [adjoint],
        wrt.map((i) => tangents[i] as Expr),
      );
      const still = atZero(sent, tangents);
      for (const [k, i] of wrt.entries()) out[i] = still[k];
      return out;
    },
    jvp: (node, tangents, { pullback }) => {
      const { vjp, jvp, reached } = customAttributes(node.attributes);
      if (jvp !== undefined) {
        const given = node.args.map((arg, i) => tangents[i] ?? full(0, arg.shape, arg.dtype));
        return inline(jvp.outputs, [...node.args, node, ...given])[0];
      }
      // ẏ = ∂⟨x̄(ȳ), ẋ⟩/∂ȳ, at any ȳ since x̄ is linear in it.
      const [adjoint] = placeholders([typeOf(node)]) as [Expr];
      const sent = inline((vjp as Lambda).outputs, [...node.args, node, adjoint]);
      const varying = reached.flatMap((i, k) => (tangents[i] === undefined ? [] : [k]));
      const found = pullback(
        varying.map((k) => sent[k] as Expr),
        varying.map((k) => tangents[reached[k] as number] as Expr),
        [adjoint],
      );
      return atZero(found, [adjoint])[0];
    },
    // The scalar form of a tensor function would have the derivative of its body, not this one.
    elements: ({ op, args, attributes, shape }, given) => {
      if (shape.length > 0 || args.some((arg) => arg.shape.length > 0)) {
        throw new ArgumentError(
          "scalarize: a function with a derivative of its own must be one of scalars, got tensors",
        );
      }
      const scalars = (given as readonly Elements[]).map(({ items }) => items[0] as Expr);
      return { shape: [], items: [apply(op, scalars, attributes)] };
    },
    notation: { form: "leaf" },
  },
  (op) => (f, rules) => {
    checkFunction("customDerivative", "f", f);
    const { vjp, jvp } = rules ?? {};
    if (vjp === undefined && jvp === undefined) {
      throw new ArgumentError(
        `customDerivative: there must be a vjp or a jvp, got ${describe(rules)}`,
      );
    }
    if (vjp !== undefined) checkFunction("customDerivative", "vjp", vjp);
    if (jvp !== undefined) checkFunction("customDerivative", "jvp", jvp);
    return (...given) => {
      const args = flatten("customDerivative", given).items;
      const types = args.map(typeOf);
      const { body, captures, single } = traceCallback("customDerivative", f, types, "leaves");
      checkClosed(captures);
      if (!single) {
        throw new ArgumentError(
          "customDerivative: the function must give one expression, got a list",
        );
      }
      const result = typeOf(body.outputs[0] as Expr);
      const { lambda, reached } =
        vjp === undefined ? { lambda: undefined, reached: [] } : traceReverse(vjp, types, result);
      return apply(op, args, {
        body,
        name: "custom",
        vjp: lambda,
        reached,
        jvp: jvp && traceForward(jvp, types, result),
      });
    };
  },
);

/** Expressions that do not depend on placeholders any more: those are 0 where they are left. */
function atZero(
  found: readonly (Expr | undefined)[],
  leaves: readonly Expr[],
): (Expr | undefined)[] {
  const at = found.flatMap((one, k) => (one === undefined ? [] : [k]));
  const { bodies, captures } = close(leaves, [at.map((k) => found[k] as Expr)], "expressions");
  const zeros = leaves.map(({ shape, dtype }) => full(0, shape, dtype));
  const still = inline((bodies[0] as Lambda).outputs, [...zeros, ...captures]);
  const out: (Expr | undefined)[] = found.map(() => undefined);
  for (const [k, index] of at.entries()) out[index] = still[k];
  return out;
}

function traceReverse(
  rule: NonNullable<DerivativeRules["vjp"]>,
  types: readonly Type[],
  result: Type,
): { lambda: Lambda; reached: readonly number[] } {
  const parameters = placeholders([...types, result, result]);
  const args = parameters.slice(0, types.length);
  const [out, adjoint] = parameters.slice(types.length) as [Expr, Expr];
  const given: unknown = rule(args, out, adjoint);
  if (!Array.isArray(given) || given.length !== types.length) {
    throw new ArgumentError(
      `customDerivative: vjp must give one adjoint an argument (${types.length}), got ${describe(given)}`,
    );
  }
  const reached = given.flatMap((one, i) => (one === undefined ? [] : [i]));
  const adjoints = reached.map((i) =>
    fitted(`the adjoint of argument ${i}`, given[i] as Operand, types[i] as Type),
  );
  return { lambda: closed(parameters, adjoints), reached };
}

function traceForward(
  rule: NonNullable<DerivativeRules["jvp"]>,
  types: readonly Type[],
  result: Type,
): Lambda {
  const parameters = placeholders([...types, result, ...types]);
  const count = types.length;
  const tangent = rule(
    parameters.slice(0, count),
    parameters[count] as Expr,
    parameters.slice(count + 1),
  );
  return closed(parameters, [fitted("the tangent", tangent, result)]);
}

/** What a rule gave, of the type it must have; a number stands for that number everywhere. */
function fitted(what: string, given: Operand, { shape, dtype }: Type): Expr {
  const expr = given instanceof Expr ? given : full(given, shape, dtype);
  if (!sameShape(expr.shape, shape) || expr.dtype !== dtype) {
    throw new ShapeError(
      `customDerivative: ${what} must be ${dtype}${formatShape(shape)}, got ${expr.dtype}${formatShape(expr.shape)}`,
    );
  }
  return expr;
}

function closed(parameters: readonly Expr[], outputs: readonly Expr[]): Lambda {
  const { bodies, captures } = close(parameters, [outputs], "leaves");
  checkClosed(captures);
  return bodies[0] as Lambda;
}

function checkClosed(captures: readonly Expr[]): void {
  const outer = captures.find((leaf) => isDifferentiable(leaf)) ?? captures[0];
  if (outer === undefined) return;
  const { name } = outer.attributes;
  throw new ArgumentError(
    `customDerivative: functions must take what they use as arguments, got ${
      typeof name === "string" ? name : outer.toString()
    } from outside`,
  );
}
