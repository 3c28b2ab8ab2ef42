import {
  type BackpropOptions,
  backprop,
  constant,
  type Expr,
  evaluate,
  mul,
  nameOf,
  type Path,
  type PathEdge,
  type Program,
  paths,
} from "@chainrule/core";
import {
  decimalLatex,
  numberLatex,
  toLatex,
  type WalkLocal,
  type WalkStep,
} from "@chainrule/render";
import type { Lesson } from "./lesson.ts";

/** One factor of a path: what a named node makes of the one below it on this path. */
export interface PathFactor {
  readonly of: string;
  readonly by: string;
  /** `∂of/∂by` */
  readonly symbol: string;
  /** Its formula, and its number. */
  readonly formula: string;
  readonly number: string;
}

/** One path from the output down to the variable. */
export interface PathRow {
  /** Which of the colours it bears, from 1. */
  readonly colour: number;
  /** Names from the variable up. */
  readonly names: readonly string[];
  readonly factors: readonly PathFactor[];
  readonly product: string;
}

/** Operations that a way of finding the derivative takes. */
export interface Operations {
  readonly multiplications: bigint;
  readonly additions: bigint;
}

/** The paths of one derivative, with their products and their sum. */
export interface PathTable {
  readonly by: string;
  readonly count: bigint;
  /** The first ones, as many as are listed. */
  readonly rows: readonly PathRow[];
  /** The sum over all paths: the derivative. */
  readonly sum: string;
  readonly enumerated: Operations;
  /** One reverse sweep for this derivative, and for all inputs at once. */
  readonly swept: Operations;
  readonly sweptAll: Operations;
}

/** Colours of paths in tokens.css; a seventh path has the first one's. */
export const PATH_COLOURS = 6;

/** More paths are counted, not listed. */
export const MOST_ROWS = 12;

/** Digits in tables: enough to tell, few enough to read. */
const DIGITS = 6;

const known = new WeakMap<Lesson, Map<string, PathTable | undefined>>();

/** The paths from a variable to the result, by core's `paths`; worked out once for each. */
export function pathTable(lesson: Lesson, name: string): PathTable | undefined {
  const tables = known.get(lesson) ?? new Map<string, PathTable | undefined>();
  known.set(lesson, tables);
  if (!tables.has(name)) tables.set(name, makeTable(lesson, name));
  return tables.get(name);
}

function makeTable(lesson: Lesson, name: string): PathTable | undefined {
  const { program, walk, worked } = lesson;
  const x = program.variables[name];
  if (x === undefined) return undefined;
  const all = paths(program.result, x);
  const locals = new Map(walk.backward.map((step) => [step.quantity.node, step]));
  const rows: PathRow[] = [];
  for (const path of all) {
    if (rows.length === MOST_ROWS) break;
    rows.push(rowOf(lesson, path, rows.length, locals));
  }
  const derivative = worked.derivatives.find(({ by }) => by.node === x);
  return {
    by: name,
    count: all.count,
    rows,
    sum: decimalLatex(derivative?.value.text ?? "0"),
    enumerated: {
      // A product of k factors takes k − 1 multiplications, a sum of k terms k − 1 additions.
      multiplications: all.length - all.count,
      additions: all.count > 0n ? all.count - 1n : 0n,
    },
    swept: operations(program, { wrt: [x] }),
    sweptAll: operations(program, {}),
  };
}

/** Operations of a reverse sweep as `backprop` logs it; those by the seed 1 are none. */
function operations(program: Program, options: BackpropOptions): Operations {
  const { nodes, output } = backprop(program, {}, { ...options, symbolic: true });
  let multiplications = 0n;
  let additions = 0n;
  for (const { contributions } of nodes) {
    for (const { user } of contributions) if (user !== output) multiplications++;
    if (contributions.length > 1) additions += BigInt(contributions.length - 1);
  }
  return { multiplications, additions };
}

/** The steps of the walk back by their nodes. */
type Locals = ReadonlyMap<Expr, WalkStep>;

function rowOf(lesson: Lesson, path: Path, at: number, locals: Locals): PathRow {
  const { program, values } = lesson;
  const nameAt = (node: Expr): string | undefined => program.names.get(node) ?? nameOf(node);
  const factors: PathFactor[] = [];
  let of: Expr | undefined;
  let partial: Expr | undefined;
  for (const edge of [...path.edges].reverse()) {
    of ??= edge.user;
    partial = times(partial, edge);
    const by = nameAt(edge.from);
    if (by === undefined || partial === undefined) continue;
    const number = evaluate(partial, values, EXTRA) as number;
    const user = nameAt(of) ?? "";
    const terms = locals.get(edge.from)?.terms;
    const local = terms?.find((term) => term.user.node === of)?.local;
    const inner = factors.length > 0;
    factors.push({
      of: user,
      by,
      symbol: lesson.ratioLatex(of, edge.from),
      // Where one path alone makes up the local derivative, its textbook form is known.
      formula: isSame(local, number)
        ? local.factor.latex
        : `\\left(${toLatex(partial, { names: program.names })}\\right)`,
      number: guarded(shown(number), inner),
    });
    of = undefined;
    partial = undefined;
  }
  const product = path.product === undefined ? Number.NaN : evaluate(path.product, values, EXTRA);
  return {
    colour: (at % PATH_COLOURS) + 1,
    names: path.nodes.flatMap((node) => nameAt(node) ?? []),
    factors,
    product: shown(product as number),
  };
}

/** Inputs that this expression does not contain may be bound too. */
const EXTRA = { extra: "allow" } as const;

/** Whether a local derivative of the walk has this value, up to the order of its calculation. */
function isSame(local: WalkLocal | undefined, number: number): local is WalkLocal {
  const value = local?.component.value.value ?? Number.NaN;
  return Math.abs(value - number) <= 1e-12 * Math.abs(number);
}

/** The product of the local derivatives between two names; a factor 1, which sums give, is not written. */
function times(before: Expr | undefined, { partial }: PathEdge): Expr | undefined {
  if (before === undefined || partial === undefined || isOne(before)) return partial ?? before;
  return isOne(partial) ? before : mul(before, partial);
}

/** A number in parentheses where its sign would follow another one. */
function guarded(numeral: string, inner: boolean): string {
  return inner && numeral.startsWith("-") ? `(${numeral})` : numeral;
}

function isOne({ op, attributes }: Expr): boolean {
  return op === constant.op && attributes["value"] === 1;
}

function shown(value: number): string {
  return numberLatex(value, { digits: DIGITS });
}
