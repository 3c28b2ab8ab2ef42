import { isInput } from "../bind.ts";
import { dependents } from "../dependents.ts";
import { pushforward } from "../differentiate/forward.ts";
import { grad, localPartial, pullback, zerosLike } from "../differentiate/reverse.ts";
import { evaluate } from "../evaluate.ts";
import type { Expr } from "../expr.ts";
import { withFolding } from "../intern.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { constant, literalValue } from "../ops/leaf.ts";
import { listPaths, type Path, paths } from "../paths.ts";
import { toText } from "../print.ts";
import type { Program } from "../program.ts";
import { simplify } from "../rewrite/simplify.ts";
import { leavesOf, topological } from "../traverse.ts";

/** One local derivative of a derivation, and the sum of all paths that pass it. */
export interface Step {
  readonly user: Expr;
  readonly from: Expr;
  readonly index: number;
  /** `∂user/∂from` */
  readonly partial: Expr;
  /** `∂y/∂user`, above. */
  readonly above: Expr;
  /** `∂from/∂x`, below. */
  readonly below: Expr;
}

/** What a wrong derivative is told from: `∂y/∂x` with its local derivatives and paths. */
export interface Derivation {
  readonly program: Program;
  readonly y: Expr;
  readonly x: Expr;
  /** `∂y/∂x` */
  readonly gradient: Expr;
  /** Whether any path leads from x to y. */
  readonly reached: boolean;
  /** From x up to y; none where an op on the way is not elementwise. */
  readonly steps: readonly Step[];
  /** None where they are too many to be listed. */
  readonly paths: readonly Path[];
  /** `∂y/∂other` */
  readonly by: (other: Expr) => Expr;
}

/** More paths are not told apart one by one. */
const MOST_PATHS = 16;

/** Steps that are looked at: a derivation by hand is shorter. */
const MOST_STEPS = 200;

/** The derivation of `∂y/∂x`. */
export function derivationOf(program: Program, y: Expr, x: Expr): Derivation {
  const order = topological([y]);
  const active = dependents(order, [x]);
  const between = order.nodes.filter((_, at) => active[at] === 1);
  const one = constant(1, y.dtype);
  const above = pullback([y], [one], between);
  const reverse = above[between.indexOf(x)];
  const gradient = reverse ?? zerosLike(x);
  const reached = reverse !== undefined;
  const plain = between.every(
    ({ shape, op, args }) =>
      shape.length === 0 && (args.length === 0 || op.elementwise !== undefined),
  );
  const by = (other: Expr): Expr => grad(y, other);
  if (!plain) return { program, y, x, gradient, reached, steps: [], paths: [], by };
  const below = pushforward(between, [x], [constant(1, x.dtype)]);
  const positions = new Map(between.map((node, i) => [node, i]));
  const steps: Step[] = [];
  for (const [i, user] of between.entries()) {
    if (user === x || above[i] === undefined || steps.length >= MOST_STEPS) continue;
    user.args.forEach((from, index) => {
      const at = positions.get(from);
      const partial = withFolding(() => localPartial(user, index));
      const under = at === undefined ? undefined : below[at];
      if (partial === undefined || under === undefined) return;
      steps.push({ user, from, index, partial, above: above[i] as Expr, below: under });
    });
  }
  const all = paths(y, x);
  const listed = all.count <= BigInt(MOST_PATHS) ? listPaths(y, x, MOST_PATHS) : [];
  return { program, y, x, gradient, reached, steps, paths: listed, by };
}

/** What flows through a step, with another local derivative in its place. */
export function through({ above, below }: Step, partial: Expr): Expr {
  return withFolding(() => mul(mul(above, partial), below));
}

/** The derivative with other local derivatives at some steps, none of them below another. */
export function changed(
  { gradient }: Derivation,
  steps: readonly (readonly [step: Step, partial: Expr])[],
): Expr {
  let total = gradient;
  for (const [step, partial] of steps) {
    total = add(total, add(through(step, partial), mul(-1, through(step, step.partial))));
  }
  return total;
}

/** The number that an expression without inputs is, such as 1/2. */
export function numberOf(expr: Expr): number | undefined {
  const literal = literalValue(expr);
  if (literal !== undefined || expr.shape.length > 0) return literal;
  return leavesOf([expr]).some(isInput) ? undefined : (evaluate(expr) as number);
}

/** Texts of nodes without a name are cut to this length. */
const LONGEST = 60;

/** A node by its name, or written out. */
export function nodeText({ program }: Derivation, node: Expr): string {
  return program.nameOf(node) ?? shortText(program, node);
}

/** An expression, simplified, in the names of the program. */
export function formulaText({ program }: Derivation, expr: Expr): string {
  return shortText(program, simplify(expr));
}

function shortText(program: Program, expr: Expr): string {
  const text = toText(expr, { names: program.names, style: "reading" });
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** `∂L/∂a` */
export function derivativeText(derivation: Derivation, y: Expr, x: Expr): string {
  const bracket = (text: string): string => (/^[\p{L}\p{N}_]+$/u.test(text) ? text : `(${text})`);
  return `∂${bracket(nodeText(derivation, y))}/∂${bracket(nodeText(derivation, x))}`;
}

/** `∂L/∂e = c` */
export function stepText(derivation: Derivation, { user, from, partial }: Step): string {
  return `${derivativeText(derivation, user, from)} = ${formulaText(derivation, partial)}`;
}

/** `b → d → e → L` */
export function pathText(derivation: Derivation, { nodes }: Path): string {
  return nodes.map((node) => nodeText(derivation, node)).join(" → ");
}
