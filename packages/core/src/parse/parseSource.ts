import { type Bindable, isInput, nameOf } from "../bind.ts";
import type { Expr } from "../expr.ts";
import { Program } from "../program.ts";
import { formatShape } from "../shape.ts";
import type { Value } from "../tensor.ts";
import { leavesOf } from "../traverse.ts";
import { Builder } from "./builder.ts";
import { ExpressionReader } from "./expressionReader.ts";
import { functions } from "./functions.ts";
import type { Known } from "./known.ts";
import { isLiteral } from "./literal.ts";
import { redefined, TextNames } from "./names.ts";
import { ParseError, placeOf } from "./parseError.ts";
import { readShape } from "./shapes.ts";
import { type Statement, splitStatements } from "./statements.ts";
import type { SyntaxNode } from "./syntax.ts";
import { TextScope } from "./textScope.ts";
import { type Source, type Token, tokenize } from "./tokenize.ts";
import { withPlace } from "./withPlace.ts";

/** A statement, the token it begins with, and its right side. */
interface Read {
  readonly statement: Statement;
  readonly head: Token;
  readonly body: SyntaxNode;
}

/**
 * The program a text describes.
 *
 * Names are found first, then expressions are read, then shapes and values are declared, wherever
 * they stand, and last the definitions are built in their order. The result is the last statement
 * that is no declaration, if there is one.
 * Throws ParseError.
 */
export function parseSource(source: Source, known: Known): Program {
  const { text } = source;
  const tokens = tokenize(source);
  const statements = splitStatements(text, tokens);
  const [first] = statements;
  if (first === undefined) {
    throw new ParseError(text, text.length, "expected an expression, got end of text");
  }
  const builtin = [...functions.keys()];
  const names = new TextNames(text, tokens, statements, { ...known, builtin });
  const reader = new ExpressionReader(text, tokens, names);
  const reads: Read[] = [];
  for (const statement of statements) {
    if (statement.kind === "shape") continue;
    names.parameters = new Set(statement.parameters.map((at) => (tokens[at] as Token).text));
    const body = reader.read(statement.from, statement.to);
    reads.push({ statement, head: tokens[statement.head] as Token, body });
  }
  names.parameters = new Set();

  const builder = new Builder(text, tokens, reader.parts);
  const scope = new TextScope(text, tokens, names, builder, known);
  for (const [name, statement] of names.shapes) {
    const head = tokens[statement.head] as Token;
    if (Object.hasOwn(known.variables, name)) throw redefined(text, head);
    const shape = readShape(text, tokens, statement);
    withPlace(text, head.start, () => scope.declare(name, shape));
  }
  const values: Record<string, Bindable> = Object.create(null);
  let result: Expr | undefined;
  for (const { statement, head, body } of reads) {
    if (statement.kind !== "definition" || !isLiteral(body, reader.parts)) continue;
    const node = builder.build(body, scope);
    result = declareValue(text, head, node, scope);
    values[head.text] = node.attributes["value"] as Value;
  }
  const rest = reads.filter(
    ({ head, statement }) => statement.kind !== "definition" || values[head.text] === undefined,
  );
  const last = rest.at(-1);
  for (const read of rest) {
    const node = define(text, read, builder, scope, read === last);
    result = node ?? result;
  }
  result ??= scope.resolve(tokens[first.head] as Token);
  const definitions = record(scope.definitions);
  const found = new Map(scope.variables);
  for (const leaf of leavesOf([...scope.definitions.values(), result])) {
    const name = nameOf(leaf);
    if (name !== undefined && !found.has(name)) found.set(name, leaf);
  }
  const variables = record(inReadingOrder(tokens, found));
  const given = Object.entries(known.variables).map(([name, node]) => [node, name] as const);
  const warnings = [...scope.warnings, ...strayLines(text, tokens, statements)];
  return new Program({ variables, definitions, result, values, names: new Map(given), warnings });
}

/** The variables as the text names them first; those it does not name, in their order, after these. */
function inReadingOrder(
  tokens: readonly Token[],
  variables: ReadonlyMap<string, Expr>,
): Map<string, Expr> {
  const ordered = new Map<string, Expr>();
  for (const { text } of tokens) {
    const node = variables.get(text);
    if (node !== undefined) ordered.set(text, node);
  }
  for (const [name, node] of variables) if (!ordered.has(name)) ordered.set(name, node);
  return ordered;
}

/** The variable that has a value, `a = 3`. */
function declareValue(text: string, head: Token, value: Expr, scope: TextScope): Expr {
  const known = scope.known(head.text);
  if (known === undefined) {
    return withPlace(text, head.start, () => scope.declare(head.text, value.shape));
  }
  const fits =
    isInput(known) &&
    known.shape.length === value.shape.length &&
    known.shape.every((dim, axis) => typeof dim === "string" || dim === value.shape[axis]);
  if (fits) return known;
  const reason = `${head.text} must have the shape ${formatShape(known.shape)}, got ${formatShape(value.shape)}`;
  throw new ParseError(text, head.start, reason);
}

/** Builds a statement; a function is built where it is called, and at the end of the text. */
function define(
  text: string,
  { statement, head, body }: Read,
  builder: Builder,
  scope: TextScope,
  last: boolean,
): Expr | undefined {
  const name = head.text;
  if (statement.kind === "expression") return builder.build(body, scope);
  if (scope.known(name) !== undefined) throw redefined(text, head);
  if (statement.kind === "function") {
    scope.functions.define(name, statement, body);
    if (!last) return undefined;
  }
  const node = builder.build(body, scope);
  scope.definitions.set(name, node);
  return node;
}

function record<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const out: Record<string, T> = Object.create(null);
  for (const [name, value] of entries) out[name] = value;
  return out;
}

/** Lines such as `+ b` below `L = a`: likely meant to go on, but statements of their own. */
function strayLines(
  text: string,
  tokens: readonly Token[],
  [, ...later]: readonly Statement[],
): readonly string[] {
  const stray = later.find(({ head }) => {
    const { kind, text: sign } = tokens[head] as Token;
    const line = tokens[head - 1]?.kind === "newline";
    return line && kind === "operator" && (sign === "+" || sign === "-");
  });
  if (stray === undefined) return [];
  const { text: sign, start } = tokens[stray.head] as Token;
  const { line, column } = placeOf(text, start);
  return [
    `line ${line}, column ${column}: a line that begins with ${sign} is a statement of its own`,
  ];
}
