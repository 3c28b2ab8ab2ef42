import {
  apply,
  argument,
  type Expr,
  Lambda,
  rewrite,
  variable,
  vjp,
  withArgs,
} from "@chainrule/core";

/** From arguments, result and adjoint to the adjoint of every argument, by the node's own rule. */
export function reverseRule(node: Expr): Lambda {
  const types = [...node.args, node, node];
  const inputs = types.map(({ shape, dtype }, i) => variable(`input ${i}`, shape, dtype));
  const wrt = inputs.slice(0, -2);
  const fresh = apply(node.op, wrt, node.attributes);
  const sent = vjp(fresh, wrt, inputs.at(-1) as Expr);
  const places = new Map([...inputs, fresh].map((input, i) => [input, i]));
  const result = inputs.length - 2;
  const outputs = rewrite(sent, (one, args) => {
    const i = places.get(one);
    if (i === undefined) return withArgs(one, args);
    return argument(i === inputs.length ? result : i, one.shape, one.dtype);
  });
  return new Lambda(types, outputs);
}
