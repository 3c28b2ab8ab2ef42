import type { Expr } from "../expr.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { one } from "../ops/literals.ts";
import type { Path } from "../paths.ts";
import {
  changed,
  type Derivation,
  derivativeText,
  formulaText,
  numberOf,
  pathText,
  type Step,
  stepText,
} from "./derivation.ts";
import type { Mistake, MistakeKind } from "./mistake.ts";

/** Mistakes with the paths of the chain rule, and with the factors along them. */
export const pathMistakes: readonly MistakeKind[] = [
  {
    name: "path missing",
    make: (derivation) =>
      derivation.paths.length < 2
        ? []
        : derivation.paths.flatMap((path) =>
            path.product === undefined
              ? []
              : {
                  sentence: `The path ${pathText(derivation, path)} is missing; it adds ${formulaText(derivation, path.product)}.`,
                  derivative: sub(derivation.gradient, path.product),
                },
          ),
  },
  {
    name: "one path only",
    make: (derivation) =>
      derivation.paths.length < 3
        ? []
        : derivation.paths.flatMap((path) =>
            path.product === undefined
              ? []
              : {
                  sentence: `Only the path ${pathText(derivation, path)} was taken; there are ${derivation.paths.length}, whose products are added.`,
                  derivative: path.product,
                },
          ),
  },
  {
    name: "product over paths",
    make: (derivation) => {
      const products = derivation.paths.map(({ product }) => product);
      const [first, ...rest] = products.filter((product) => product !== undefined);
      if (first === undefined || rest.length === 0) return [];
      const names = derivation.paths.map((path) => pathText(derivation, path)).join(" and ");
      return [
        {
          sentence: `The products of the paths ${names} are added, not multiplied.`,
          derivative: rest.reduce((total, product) => mul(total, product), first),
        },
      ];
    },
  },
  {
    name: "sum along a path",
    make: (derivation) => {
      const long = derivation.paths.find(({ edges }) => edges.length > 1);
      if (long === undefined) return [];
      const sentence = `Along the path ${pathText(derivation, long)} the local derivatives are multiplied, not added.`;
      const plain = (partial: Expr): boolean => numberOf(partial) !== 1;
      return [() => true, plain].flatMap((counts) => {
        const derivative = summed(derivation.paths, counts);
        return derivative === undefined ? [] : { sentence, derivative };
      });
    },
  },
  {
    name: "lost factor",
    make: (derivation) => forgotten(derivation, ({ partial }) => numberOf(partial) !== undefined),
  },
  {
    name: "upstream factor forgotten",
    make: (derivation) => [
      ...forgotten(derivation, ({ user, partial }) => {
        return user === derivation.y && numberOf(partial) === undefined;
      }),
      ...inner(derivation, ({ above }) => above).map(({ node, below }) => ({
        sentence: `This is ${derivativeText(derivation, node, derivation.x)}; the upstream factor ${derivativeText(derivation, derivation.y, node)} is missing.`,
        derivative: below,
      })),
    ],
  },
  {
    name: "inner derivative forgotten",
    make: (derivation) => [
      ...forgotten(derivation, ({ from, partial }) => {
        return from === derivation.x && numberOf(partial) === undefined;
      }),
      ...inner(derivation, ({ below }) => below).map(({ node, above }) => ({
        sentence: `This is ${derivativeText(derivation, derivation.y, node)}; the inner derivative ${derivativeText(derivation, node, derivation.x)} is missing.`,
        derivative: above,
      })),
    ],
  },
  {
    name: "factor forgotten",
    make: (derivation) =>
      forgotten(derivation, ({ user, from, partial }) => {
        const inside = user !== derivation.y && from !== derivation.x;
        return inside && numberOf(partial) === undefined;
      }),
  },
];

function summed(paths: readonly Path[], counts: (partial: Expr) => boolean): Expr | undefined {
  let total: Expr | undefined;
  for (const { edges } of paths) {
    for (const { partial } of edges) {
      if (partial === undefined || !counts(partial)) continue;
      total = total === undefined ? partial : add(total, partial);
    }
  }
  return total;
}

/** A local derivative left out of its product. */
function forgotten(derivation: Derivation, counts: (step: Step) => boolean): readonly Mistake[] {
  return derivation.steps
    .filter((step) => counts(step) && Math.abs(numberOf(step.partial) ?? 0) !== 1)
    .map((step) => ({
      sentence: `The factor ${stepText(derivation, step)} is missing.`,
      derivative: changed(derivation, [[step, one(step.partial)]]),
    }));
}

/** A node between x and y, with `∂y/∂node` above and `∂node/∂x` below. */
interface Inner {
  readonly node: Expr;
  readonly above: Expr;
  readonly below: Expr;
}

/** The nodes at which a factor is missing, if it is more than a sign. */
function inner({ steps, y }: Derivation, missing: (node: Inner) => Expr): readonly Inner[] {
  const above = new Map(steps.map((step) => [step.user, step.above]));
  const below = new Map(steps.map((step) => [step.from, step.below]));
  const nodes = [...above].flatMap(([node, over]): readonly Inner[] => {
    const under = below.get(node);
    return node === y || under === undefined ? [] : [{ node, above: over, below: under }];
  });
  return nodes.filter((node) => Math.abs(numberOf(missing(node)) ?? 0) !== 1);
}
