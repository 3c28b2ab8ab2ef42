import { ArgumentError, type Expr, literalValue, topological } from "@chainrule/core";

/** One node as an expression of the language; the arguments are names or literals. */
export type Rule = (node: Expr, args: readonly string[]) => string;

/** A language that straight-line source is written in. */
export interface Language {
  /** For messages, such as `toNumpy`. */
  readonly where: string;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly literal: (value: number, node: Expr) => string;
  /** A whole tensor of constants. */
  readonly table?: (node: Expr) => string | undefined;
  /** The statement that gives a value a name. */
  readonly line: (name: string, value: string, node: Expr) => string;
}

/** Lines, and what each output is called in them. */
export interface Lines {
  readonly lines: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * One line a node, arguments first; an op without a rule is written by the ops that it is said by.
 *
 * Throws ArgumentError with all ops that have neither.
 */
export function writeLines(
  outputs: readonly Expr[],
  given: ReadonlyMap<Expr, string>,
  fresh: (node: Expr) => string,
  language: Language,
): Lines {
  const texts = new Map<Expr, string>(given);
  const lines: string[] = [];
  const missing = new Set<string>();
  const forms = new Map<Expr, Expr>();
  const order = inOrder(outputs, language, forms);
  for (const node of order) {
    if (texts.has(node)) continue;
    const form = forms.get(node);
    const leaf = form === undefined ? leafText(node, language) : texts.get(form);
    if (leaf !== undefined) {
      texts.set(node, leaf);
      continue;
    }
    const rule = Object.hasOwn(language.rules, node.op.name)
      ? language.rules[node.op.name]
      : undefined;
    const args = node.args.map((arg) => texts.get(arg) ?? "");
    if (rule === undefined) {
      missing.add(node.op.name);
      continue;
    }
    const name = fresh(node);
    texts.set(node, name);
    lines.push(language.line(name, rule(node, args), node));
  }
  if (missing.size > 0) {
    const list = [...missing].sort().join(", ");
    throw new ArgumentError(`${language.where}: every op must have a form here, got ${list}`);
  }
  return { lines, outputs: outputs.map((output) => texts.get(output) as string) };
}

/** Nodes and the forms of those without a rule, what is needed first; without recursion. */
function inOrder(
  outputs: readonly Expr[],
  language: Language,
  forms: Map<Expr, Expr>,
): readonly Expr[] {
  const out: Expr[] = [];
  const seen = new Set<Expr>();
  const path: Expr[] = outputs.toReversed();
  for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
    const { op } = node;
    if (!Object.hasOwn(language.rules, op.name) && op.lower !== undefined && !forms.has(node)) {
      forms.set(node, op.lower(node));
    }
    const form = forms.get(node);
    const needs = form === undefined ? node.args : [form];
    const open = seen.has(node) ? [] : needs.filter((one) => !seen.has(one));
    if (open.length > 0) {
      path.push(...open.toReversed());
      continue;
    }
    path.pop();
    if (seen.has(node)) continue;
    seen.add(node);
    out.push(node);
  }
  return out;
}

function leafText(node: Expr, language: Language): string | undefined {
  if (node.args.length > 0) return undefined;
  const own = node.attributes["value"];
  const value = literalValue(node) ?? (typeof own === "number" ? own : undefined);
  if (node.shape.length === 0 && value !== undefined) return language.literal(value, node);
  return node.op.name === "constant" ? language.table?.(node) : undefined;
}

/** How many nodes a program has: source beyond a limit is nothing that an engine runs well. */
export function nodeCount(outputs: readonly Expr[]): number {
  return topological(outputs).nodes.length;
}
