import type { Dim, Expr } from "@chainrule/core";
import { countOf, fixed, type Size, sizeOf, times } from "../../plan/size.ts";
import type { Kernel, KernelContext } from "../../tensor/kernel.ts";
import { f64 } from "../../wasm/index.ts";
import { forEach, integers, type Push } from "../integers.ts";
import { DOUBLE } from "./doubleRows.ts";
import { decompose, substitute } from "./lu.ts";
import { cubic, doubles, emitSystems, matricesOf, orderOf, systemScratch } from "./systems.ts";

/** Memory for the factors of a matrix and the order of its rows. */
function luScratch(a: Expr): Size[] {
  return [doubles(matricesOf(a.shape).items), times(fixed(4), orderOf(a.shape))];
}

/** Decomposes a copy of a matrix, which leaves the sign of the exchange of rows on the stack. */
function emitDecompose(
  a: Expr,
  context: KernelContext,
  address: Push,
  scratch: (index: number) => Push,
): void {
  const { body, size } = context;
  const call = decompose(context);
  scratch(0)();
  address();
  size(doubles(matricesOf(a.shape).items))();
  body.memoryCopy();
  for (const push of [scratch(0), scratch(1), size(orderOf(a.shape))]) push();
  body.call(call);
}

/** The x with `A x = b`. */
export const solveKernel: Kernel = {
  scratch: (node) => systemScratch(node, luScratch(node.args[0] as Expr)),
  emit: (node, context) => {
    const [a, b] = node.args as readonly [Expr, Expr];
    const { stacks, items } = matricesOf(b.shape);
    const { body, size } = context;
    const call = substitute(context);
    const parts = [matricesOf(a.shape).items, items, items];
    emitSystems(node, context, { stacks, items: parts }, ([left, right, x], scratch) => {
      emitDecompose(a, context, left as Push, scratch);
      body.drop();
      for (const push of [scratch(0), scratch(1), right as Push, x as Push]) push();
      size(orderOf(a.shape))();
      size(sizeOf(b.shape.at(-1) as Dim))();
      body.call(call);
    });
  },
  operations: ({ args: [a, b] }) =>
    times(fixed(2), times(countOf((b as Expr).shape), orderOf((a as Expr).shape))),
};

/** Determinant. */
export const determinantKernel: Kernel = /* @__PURE__ */ ofFactors("determinant", (body) =>
  body.op(f64.mul),
);

/** Sign of the determinant. */
export const signDetKernel: Kernel = /* @__PURE__ */ ofFactors("signDet", (body) => {
  // The sign of a factor is itself where it is 0 or NaN.
  const factor = body.local("f64");
  body.set(factor);
  body.f64(1);
  body.get(factor);
  body.op(f64.copysign);
  body.get(factor);
  body.get(factor);
  body.op(f64.abs);
  body.f64(0);
  body.op(f64.gt);
  body.select();
  body.op(f64.mul);
});

/** `ln |det A|` */
export const logDetKernel: Kernel = /* @__PURE__ */ ofFactors("logDet", (body, context) => {
  body.op(f64.abs);
  body.call(context.math("log", "f64"));
  body.op(f64.add);
});

/**
 * A number from the diagonal of U: `accumulate` joins the number so far and an element on the
 * stack.
 */
function ofFactors(
  name: "determinant" | "signDet" | "logDet",
  accumulate: (body: KernelContext["body"], context: KernelContext) => void,
): Kernel {
  return {
    scratch: (node) => systemScratch(node, luScratch(node.args[0] as Expr)),
    math: () => (name === "logDet" ? [{ name: "log", lane: "f64" }] : []),
    emit: (node, context) => {
      const [a] = node.args as readonly [Expr];
      const { stacks, items } = matricesOf(a.shape);
      const { body, size } = context;
      const measure = context.shared(name, () => {
        const own = context.builder.function(name, ["i32", "i32", "f64"], ["f64"]);
        const [factors, n, total] = [0, 1, 2];
        const { get, constant, add: plus, mul } = integers(own);
        const i = own.local("i32");
        forEach(own, { index: i, limit: n, step: constant(1) }, () => {
          own.get(total);
          const number = mul(get(i), plus(get(n), constant(1)));
          plus(get(factors), mul(number, constant(DOUBLE)))();
          own.memory(f64.load);
          accumulate(own, context);
          own.set(total);
        });
        own.get(total);
        // A sum with 0 makes −0 a 0.
        own.f64(0);
        own.op(f64.add);
        return own.index;
      });
      const sign = body.local("f64");
      emitSystems(node, context, { stacks, items: [items, fixed(1)] }, ([matrix, out], scratch) => {
        emitDecompose(a, context, matrix as Push, scratch);
        body.set(sign);
        out?.();
        scratch(0)();
        size(orderOf(a.shape))();
        if (name === "logDet") body.f64(0);
        else body.get(sign);
        body.call(measure);
        body.memory(f64.store);
      });
    },
    operations: ({ args: [a] }) => cubic((a as Expr).shape, 2),
  };
}
