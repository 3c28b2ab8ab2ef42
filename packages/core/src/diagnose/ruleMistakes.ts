import { localPartial } from "../differentiate/reverse.ts";
import type { Expr } from "../expr.ts";
import { apply, withFolding } from "../intern.ts";
import { add, div, mul, neg, pow, square, sub } from "../ops/arithmetic.ts";
import { exp } from "../ops/exponential.ts";
import { literalValue } from "../ops/leaf.ts";
import { like, one } from "../ops/literals.ts";
import {
  changed,
  type Derivation,
  formulaText,
  nodeText,
  numberOf,
  type Step,
  stepText,
  through,
} from "./derivation.ts";
import type { Mistake, MistakeKind } from "./mistake.ts";

/** Mistakes with the rule of one operation. */
export const ruleMistakes: readonly MistakeKind[] = [
  {
    name: "derivative taken at the output",
    make: (derivation) =>
      functions(derivation).flatMap((step) => {
        const { user, from } = step;
        const again = apply(user.op, [user], user.attributes);
        return replaced(
          derivation,
          step,
          withFolding(() => localPartial(again, 0)),
          `The derivative of ${user.op.name} belongs to its input ${nodeText(derivation, from)}, not to its output ${nodeText(derivation, user)}.`,
        );
      }),
  },
  {
    name: "derivative taken at the input",
    make: (derivation) =>
      functions(derivation).flatMap((step) => {
        const { user, from } = step;
        return ruleForms(user).flatMap((form) =>
          replaced(
            derivation,
            step,
            form(from, from, user.attributes),
            `${formulaText(derivation, form(from, user, user.attributes))} is meant: this form of the derivative of ${user.op.name} takes its output ${nodeText(derivation, user)}, not its input ${nodeText(derivation, from)}.`,
          ),
        );
      }),
  },
  {
    name: "function not differentiated",
    make: (derivation) =>
      functions(derivation).flatMap((step) =>
        replaced(
          derivation,
          step,
          step.user,
          `${stepText(derivation, step)}: ${step.user.op.name} itself stands in place of its derivative.`,
        ),
      ),
  },
  {
    name: "exponent not lowered",
    make: (derivation) =>
      powers(derivation).flatMap((step) =>
        replaced(
          derivation,
          step,
          mul(step.partial, step.from),
          `The exponent is lowered by 1: ${stepText(derivation, step)}.`,
        ),
      ),
  },
  {
    name: "exponent not brought down",
    make: (derivation) =>
      powers(derivation).flatMap((step) =>
        replaced(
          derivation,
          step,
          div(step.partial, exponentOf(step.user)),
          `The exponent becomes a factor: ${stepText(derivation, step)}.`,
        ),
      ),
  },
  {
    name: "exponential taken for a power",
    make: (derivation) =>
      derivation.steps.flatMap((step) => {
        const { user, from, index } = step;
        const [base] = user.args as readonly [Expr];
        const lower = sub(from, one(from));
        const sentence = `The variable stands in the exponent: ${stepText(derivation, step)}.`;
        if (user.op === exp.op) return replaced(derivation, step, mul(from, exp(lower)), sentence);
        if (user.op !== pow.op || index !== 1) return [];
        return replaced(derivation, step, mul(from, pow(base, lower)), sentence);
      }),
  },
  {
    name: "quotient rule in wrong order",
    make: (derivation) =>
      pairs(derivation, div.op).map(([top, bottom]) => ({
        sentence: `The quotient rule for ${nodeText(derivation, top.user)} begins with the derivative of the numerator ${nodeText(derivation, top.from)}.`,
        derivative: changed(derivation, [
          [top, neg(top.partial)],
          [bottom, neg(bottom.partial)],
        ]),
      })),
  },
  {
    name: "denominator not squared",
    make: (derivation) =>
      pairs(derivation, div.op).map(([top, bottom]) => ({
        sentence: `The quotient rule for ${nodeText(derivation, top.user)} divides by the square of ${nodeText(derivation, bottom.from)}.`,
        derivative: changed(derivation, [
          [top, mul(top.partial, bottom.from)],
          [bottom, mul(bottom.partial, bottom.from)],
        ]),
      })),
  },
  {
    name: "quotient of the derivatives",
    make: (derivation) =>
      pairs(derivation, div.op).map(([top, bottom]) => ({
        sentence: `The derivative of the quotient ${nodeText(derivation, top.user)} is not the quotient of the derivatives.`,
        derivative: instead(derivation, [top, bottom], div(top.below, bottom.below)),
      })),
  },
  {
    name: "product of the derivatives",
    make: (derivation) =>
      pairs(derivation, mul.op).map(([left, right]) => ({
        sentence: `The derivative of the product ${nodeText(derivation, left.user)} is not the product of the derivatives.`,
        derivative: instead(derivation, [left, right], mul(left.below, right.below)),
      })),
  },
  {
    name: "target and output exchanged",
    make: (derivation) =>
      derivation.steps.flatMap((step) => {
        const { user, from } = step;
        const even = user.op === square.op || literalValue(user.args[1] ?? user) === 2;
        if (from.op !== sub.op || !even) return [];
        const [a, b] = from.args.map((arg) => nodeText(derivation, arg));
        return replaced(
          derivation,
          step,
          neg(step.partial),
          `${a} and ${b} are exchanged: the difference is ${a} - ${b}, not ${b} - ${a}.`,
        );
      }),
  },
  {
    name: "sign",
    make: (derivation) => {
      const { steps } = derivation;
      const negative = steps.filter(({ partial }) => (numberOf(partial) ?? 0) < 0);
      const others = steps.filter((step) => !negative.includes(step));
      return [...negative, ...others].flatMap((step) =>
        replaced(
          derivation,
          step,
          neg(step.partial),
          `The sign of ${stepText(derivation, step)} is ${negative.includes(step) ? "lost" : "wrong"}.`,
        ),
      );
    },
  },
  {
    name: "updated weight",
    make: (derivation, { rate }) => {
      if (rate === undefined) return [];
      const weights = derivation.steps.filter(
        ({ user, from, partial }) =>
          user.op === mul.op && from !== derivation.x && partial.args.length === 0,
      );
      const updates = weights.flatMap((step): readonly (readonly [Step, Expr])[] => {
        const weight = step.partial;
        if (literalValue(weight) !== undefined || weight === derivation.x) return [];
        return [[step, sub(weight, mul(like(weight, rate), derivation.by(weight)))]];
      });
      const groups = [...(updates.length > 1 ? [updates] : []), ...updates.map((one) => [one])];
      return groups.map((group) => {
        const names = group.map(([{ partial }]) => nodeText(derivation, partial)).join(", ");
        return {
          sentence: `The derivative takes ${names} as before the update, not after it.`,
          derivative: changed(derivation, group),
        };
      });
    },
  },
];

/** Steps through a function of one argument, such as σ. */
function functions({ steps }: Derivation): readonly Step[] {
  return steps.filter(({ user }) => {
    const { form } = user.op.notation;
    return user.args.length === 1 && (form === "call" || form === "exponential");
  });
}

/** The derivative of a function from its input and output, as it is computed and as it is shown. */
function ruleForms({ op }: Expr): readonly ((x: Expr, out: Expr, attributes: unknown) => Expr)[] {
  const forms = [op.elementwise?.shown?.[0], op.elementwise?.partials[0]];
  return forms.filter((form) => form !== undefined && form !== null) as unknown as readonly ((
    x: Expr,
    out: Expr,
    attributes: unknown,
  ) => Expr)[];
}

/** Steps through the base of a power. */
function powers({ steps }: Derivation): readonly Step[] {
  return steps.filter(
    ({ user, index }) => user.op === square.op || (user.op === pow.op && index === 0),
  );
}

function exponentOf(power: Expr): Expr {
  return power.args[1] ?? like(power, 2);
}

/** Both steps of an operation whose two operands depend on x. */
function pairs({ steps }: Derivation, op: Expr["op"]): readonly (readonly [Step, Step])[] {
  return steps.flatMap((left) => {
    if (left.user.op !== op || left.index !== 0) return [];
    const right = steps.find(({ user, index }) => user === left.user && index === 1);
    return right === undefined ? [] : [[left, right] as const];
  });
}

/** The derivative with another in place of what flows through both steps of an operation. */
function instead(derivation: Derivation, steps: readonly Step[], below: Expr): Expr {
  let total = derivation.gradient;
  for (const step of steps) total = sub(total, through(step, step.partial));
  const [first] = steps as readonly [Step];
  return add(total, mul(first.above, below));
}

function replaced(
  derivation: Derivation,
  step: Step,
  partial: Expr | undefined,
  sentence: string,
): readonly Mistake[] {
  if (partial === undefined || partial === step.partial) return [];
  return [{ sentence, derivative: changed(derivation, [[step, partial]]) }];
}
