import {
  add,
  constant,
  cos,
  div,
  type Expr,
  exp,
  log,
  mul,
  neg,
  pow,
  scalar,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  tanh,
} from "@chainrule/core";
import fc from "fast-check";

/** The variables of random scalar expressions. */
export const names: readonly string[] = ["a", "b", "x", "y"];
export const variables: readonly Expr[] = names.map((name) => scalar(name));

type Build = (a: Expr, b: Expr) => Expr;

const builders: readonly Build[] = [
  add,
  sub,
  mul,
  div,
  add,
  mul,
  sub,
  (a) => neg(a),
  (a) => square(a),
  (a) => sqrt(a),
  (a) => exp(a),
  (a) => log(a),
  (a) => sin(a),
  (a) => cos(a),
  (a) => tanh(a),
  (a) => sigmoid(a),
  (a) => pow(a, 2),
  (a) => pow(a, 3),
  (a) => pow(a, -1),
  (a) => pow(a, div(1, 3)),
  pow,
];

const leaf: fc.Arbitrary<Expr> = fc.oneof(
  fc.constantFrom<Expr>(...variables),
  fc.integer({ min: -4, max: 4 }).map((value) => constant(value)),
  fc.constantFrom<Expr>(constant(0.5), constant(0.1)),
);

/** Expressions of arithmetic and elementary functions with shared nodes, a few dozen at most. */
export const randomScalar: fc.Arbitrary<Expr> = fc
  .tuple(
    fc.array(leaf, { minLength: 4, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(builders.length - 1), fc.nat(4), fc.nat(1000)), {
      minLength: 1,
      maxLength: 14,
    }),
  )
  .map(([leaves, steps]) => {
    const pool = [...leaves];
    for (const [which, near, any] of steps) {
      const a = pool[pool.length - 1 - near] ?? pool[0];
      const b = pool[any % pool.length];
      pool.push((builders[which] as Build)(a as Expr, b as Expr));
    }
    return pool.at(-1) as Expr;
  });

/** A value for each variable, of ordinary size. */
export const randomPoint: fc.Arbitrary<Record<string, number>> = fc
  .array(fc.double({ min: 0.2, max: 2.5, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map((values) => Object.fromEntries(names.map((name, i) => [name, values[i] as number])));
