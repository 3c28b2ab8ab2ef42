import type { MathNode } from "mathjs";
import { ArgumentError, describe } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { constant, transpose, variable } from "../ops/index.ts";
import type { Named } from "../program.ts";
import { Argument } from "./argument.ts";
import { checkCount } from "./checkCount.ts";
import { constants } from "./constants.ts";
import { functions } from "./functions.ts";
import { listOf } from "./lists.ts";
import { applyOperator, applyRelation, conditional } from "./operators.ts";

/** Options of `fromMathjs`. */
export interface FromMathjsOptions {
  /** Nodes that names stand for; the others are scalar variables, or e, pi and tau. */
  readonly variables?: Named;
}

/** What is read of mathjs's nodes, whichever instance of mathjs has made them. */
interface Tree {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly fn?: string | Tree;
  readonly args?: readonly Tree[];
  readonly content?: Tree;
  readonly items?: readonly Tree[];
  readonly conditionals?: readonly string[];
  readonly params?: readonly Tree[];
  readonly condition?: Tree;
  readonly trueExpr?: Tree;
  readonly falseExpr?: Tree;
}

/**
 * The expression a tree of mathjs's nodes stands for, such as what its `simplify` returns.
 *
 * Throws ArgumentError for nodes that are no expressions of the graph (units, objects, blocks).
 */
export function fromMathjs(tree: MathNode, options: FromMathjsOptions = {}): Expr {
  const variables = options.variables ?? {};
  const order: Tree[] = [];
  const rest: Tree[] = [tree as unknown as Tree];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (typeof node !== "object" || typeof node.type !== "string") {
      throw new ArgumentError(`fromMathjs: a node of mathjs must be given, got ${describe(node)}`);
    }
    order.push(node);
    for (const operand of operandsOf(node)) rest.push(operand);
  }
  const values: Expr[] = [];
  for (const node of order.reverse()) {
    const count = operandsOf(node).length;
    const args = count === 0 ? [] : values.splice(-count);
    values.push(read(node, args, variables));
  }
  return values[0] as Expr;
}

function operandsOf(node: Tree): readonly Tree[] {
  switch (node.type) {
    case "OperatorNode":
      return isNegative(node) ? [] : (node.args ?? []);
    case "FunctionNode":
      return node.args ?? [];
    case "ParenthesisNode":
      return [node.content as Tree];
    case "ArrayNode":
      return node.items ?? [];
    case "RelationalNode":
      return node.params ?? [];
    case "ConditionalNode":
      return [node.condition as Tree, node.trueExpr as Tree, node.falseExpr as Tree];
    default:
      return [];
  }
}

function read(node: Tree, args: readonly Expr[], variables: Named): Expr {
  switch (node.type) {
    case "ConstantNode":
      return number(node.value);
    case "SymbolNode":
      return symbol(node.name as string, variables);
    case "ParenthesisNode":
      return args[0] as Expr;
    case "ArrayNode":
      return listOf(args);
    case "OperatorNode":
      if (isNegative(node)) return constant(-Number(node.args?.[0]?.value));
      if (node.fn === "ctranspose") return transpose(args[0] as Expr);
      return applyOperator(node.fn as string, args);
    case "RelationalNode":
      return applyRelation(node.conditionals as readonly string[], args);
    case "ConditionalNode":
      return conditional(args);
    case "FunctionNode":
      return call(node.fn, args);
    default:
      throw new ArgumentError(`fromMathjs: a node must be an expression, got ${node.type}`);
  }
}

/** `-2`, which is one number. */
function isNegative({ type, fn, args }: Tree): boolean {
  const [inner] = args ?? [];
  return (
    type === "OperatorNode" &&
    fn === "unaryMinus" &&
    inner?.type === "ConstantNode" &&
    typeof inner.value === "number"
  );
}

function number(value: unknown): Expr {
  if (typeof value === "number") return constant(value);
  if (typeof value === "boolean") return constant(value ? 1 : 0, "bool");
  throw new ArgumentError(`fromMathjs: a constant must be a number, got ${describe(value)}`);
}

function symbol(name: string, variables: Named): Expr {
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return given ?? constants.get(name)?.() ?? variable(name);
}

function call(fn: unknown, args: readonly Expr[]): Expr {
  const name = typeof fn === "object" && fn !== null && "name" in fn ? String(fn.name) : "";
  const known = functions.get(name);
  if (known === undefined) {
    throw new ArgumentError(`fromMathjs: a function must be known, got ${describe(name)}`);
  }
  checkCount(name, args.length, ...known.arity);
  return known.build(args.map((arg) => new Argument(arg, () => arg)));
}
