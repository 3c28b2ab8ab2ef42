import { argument, type Expr, type Lambda, type Op, rewrite, withArgs } from "@chainrule/core";
import { call, callAttributes, customAttributes, customDerivative } from "@chainrule/core/control";
import { withoutRedundantMask } from "./redundantMask.ts";

/** Rounds of lowering after which something must be wrong: each op's other form is nearer to the ground. */
const MOST_ROUNDS = 32;

/**
 * The same expressions by ops that the compiler has code for: others give way to their lowered form, calls to
 * their bodies on the arguments.
 */
export function lower(outputs: readonly Expr[], isPrimitive: (node: Expr) => boolean): Expr[] {
  let current: readonly Expr[] = outputs;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = current;
    current = rewrite(before, (node, args) => {
      const given = withArgs(node, args);
      const made = withoutRedundantMask(given) ?? given;
      return isPrimitive(made) ? made : (lowered(made) ?? made);
    });
    if (current.every((node, i) => node === before[i])) break;
  }
  return [...current];
}

function lowered(node: Expr): Expr | undefined {
  const { op, args, attributes } = node;
  const body = bodyOf(op, attributes);
  if (body !== undefined) return inlined(body, args);
  if (op.name === "item") return itemOfCall(node);
  return op.lower?.(node);
}

/** The body of what is a function applied once. A checkpointed one is computed again where reverse mode asks for it. */
function bodyOf(op: Op, attributes: Expr["attributes"]): Lambda | undefined {
  if (op === call.op) return callAttributes(attributes).body;
  if (op === customDerivative.op) return customAttributes(attributes).body;
  return undefined;
}

function inlined(body: Lambda, args: readonly Expr[], output = 0): Expr {
  const [out] = rewrite([body.outputs[output] as Expr], (inner, given) =>
    inner.op === argument.op
      ? (args[inner.attributes["index"] as number] as Expr)
      : withArgs(inner, given),
  );
  return out as Expr;
}

/** A result of a call with several: the body's, shared with the other results since nodes are interned. */
function itemOfCall({ args: [tuple], attributes }: Expr): Expr | undefined {
  const { op, args, attributes: own } = tuple as Expr;
  if (op.name !== "callItems") return undefined;
  return inlined(callAttributes(own).body, args, attributes["index"] as number);
}
