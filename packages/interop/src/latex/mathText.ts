import { ParseError, textFunctions } from "@chainrule/core/parse";
import { aliases, heads, isKnown, type Piece } from "./heads.ts";
import {
  headOf,
  latexOf,
  type MathJson,
  numeralOf,
  offsetOf,
  operandsOf,
  stringOf,
  symbolOf,
} from "./mathJson.ts";
import { type Indices, isBracket, withIndices, withoutSigns } from "./mathParts.ts";
import type { Protected } from "./protectNames.ts";
import type { LatexName } from "./readName.ts";
import { type Ratio, variableName } from "./readRatio.ts";
import { slopeText } from "./slopeText.ts";

/** What the translation of a formula needs to know of the text around it. */
export interface TextContext {
  /** The whole text, for messages. */
  readonly source: string;
  /** Names that are functions besides the library's. */
  readonly functions: ReadonlySet<string>;
  /** Parameters of names that may be called with nothing else. */
  readonly parameters: ReadonlyMap<string, string>;
  /** A derivative inside of a formula as text. */
  readonly derivative: (ratio: Ratio) => string;
}

interface Frame {
  readonly node: MathJson;
  readonly indices: Indices;
  readonly children: readonly (readonly [node: MathJson, indices: Indices])[];
  readonly parts: Piece[];
}

/** A sum is written out: more terms are no formula that one reads. */
const MOST_TERMS = 1000;

const library: ReadonlySet<string> = new Set(textFunctions.map(({ name }) => name));
const none: Indices = new Map();

/** A formula of MathJSON in the syntax of texts, without recursion. */
export function mathText(root: MathJson, names: Protected, context: TextContext): Piece {
  return new Translator(names, context).translate(root);
}

class Translator {
  readonly #names: Protected;
  readonly #context: TextContext;

  constructor(names: Protected, context: TextContext) {
    this.#names = names;
    this.#context = context;
  }

  translate(root: MathJson, indices: Indices = none): Piece {
    const stack: Frame[] = [this.#frame(root, indices)];
    for (;;) {
      const frame = stack.at(-1) as Frame;
      const next = frame.children[frame.parts.length];
      if (next !== undefined) {
        stack.push(this.#frame(...next));
        continue;
      }
      const piece = this.#combine(frame);
      stack.pop();
      const parent = stack.at(-1);
      if (parent === undefined) return piece;
      parent.parts.push(piece);
    }
  }

  #frame(node: MathJson, indices: Indices): Frame {
    const head = headOf(node);
    const operands = operandsOf(node);
    const below = (nodes: readonly MathJson[]): Frame => ({
      node,
      indices,
      children: nodes.map((one) => [one, indices]),
      parts: [],
    });
    if (head !== undefined && !isKnown(head)) return below([]);
    // An error stands inside of a sequence beside what could be read.
    const broken = operands.find((one) => headOf(one) === "Error");
    if (broken !== undefined) return below([broken]);
    if (head === "Sum" || head === "Product") {
      return { node, indices, children: this.#terms(node, indices), parts: [] };
    }
    if (head === "Which") {
      return below(operands.filter((one) => symbolOf(one) !== "True"));
    }
    // Behind what brackets hold stands how they look.
    return below(head === "Delimiter" || head === "Matrix" ? operands.slice(0, 1) : operands);
  }

  /** The body of a sum once for each value of its indices. */
  #terms(node: MathJson, outer: Indices): readonly (readonly [MathJson, Indices])[] {
    const [body = 0, ...limits] = operandsOf(node);
    let all: readonly Indices[] = [outer];
    for (const limit of limits.toReversed()) {
      const [symbol, first, last] = operandsOf(limit);
      const name = symbol === undefined ? undefined : this.#nameOf(symbol)?.name;
      const [low, high] = [first, last].map((end) => Number(end && numeralOf(end)));
      if (name === undefined || !Number.isInteger(low) || !Number.isInteger(high)) {
        this.#fail(node, "a sum must run over whole numbers, such as \\sum_{i=1}^{3}");
      }
      const count = Math.max(0, (high as number) - (low as number) + 1);
      if (count * all.length > MOST_TERMS) {
        this.#fail(node, `a sum must have at most ${MOST_TERMS} terms`, `${count * all.length}`);
      }
      const values = Array.from({ length: count }, (_, i) => (low as number) + i);
      all = all.flatMap((one) => values.map((value) => new Map(one).set(name as string, value)));
    }
    return all.map((indices) => [body, indices]);
  }

  #combine({ node, indices, parts }: Frame): Piece {
    const numeral = numeralOf(node);
    if (numeral !== undefined) return this.#number(node, numeral);
    const symbol = symbolOf(node);
    if (symbol !== undefined) return this.#symbol(node, symbol, indices);
    const head = headOf(node) ?? "";
    const operands = operandsOf(node);
    switch (head) {
      case "Error":
        return this.#error(node);
      case "InvisibleOperator":
        return this.#product(operands, parts, indices);
      case "Power":
        return this.#power(operands, parts);
      case "Sum":
      case "Product":
        if (parts.length === 0) return head === "Sum" ? "0" : "1";
        return (heads[head === "Sum" ? "Add" : "Multiply"] as (p: readonly Piece[]) => Piece)(
          parts,
        );
      case "Which":
        return this.#cases(node, parts);
      case "Matrix":
        return this.#matrix(operands, parts);
      case "D":
        return this.#fail(
          node,
          "a derivative must be of one name by one, \\frac{\\partial L}{\\partial b}",
        );
      case "List":
        // [a + b] c: square brackets around one formula are brackets.
        if (operands.length === 1 && headOf(operands[0] ?? 0) !== "List") return ["(", parts, ")"];
        break;
    }
    const known = Object.hasOwn(heads, head) ? heads[head] : undefined;
    if (known === undefined) this.#fail(node, "this part of the formula must have a meaning here");
    return (known as (p: readonly Piece[]) => Piece)(parts);
  }

  #number(node: MathJson, numeral: string): Piece {
    if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(numeral)) return numeral;
    return this.#fail(node, "a number must be finite and written in digits");
  }

  #symbol(node: MathJson, symbol: string, indices: Indices): Piece {
    const item = this.#names.symbols.get(symbol);
    if (item === undefined) return this.#fail(node, "this sign must have a meaning here");
    if ("by" in item) return { text: `(${this.#context.derivative(item)})`, at: item.start };
    if ("gradient" in item) return this.#fail(node, "a gradient must stand left, as a claim");
    return { text: withIndices(variableName(item.name), indices), at: item.start };
  }

  #nameOf(node: MathJson): LatexName | undefined {
    const item = this.#names.symbols.get(symbolOf(node) ?? "");
    return item !== undefined && "name" in item ? item : undefined;
  }

  /** The function that a name before parentheses is, if it is one. */
  #function(node: MathJson | undefined): Piece | undefined {
    const found = node === undefined ? undefined : this.#nameOf(node);
    if (found === undefined) return undefined;
    const bare = found.name.replace(/'+$/, "");
    const primes = found.name.slice(bare.length);
    const name = Object.hasOwn(aliases, bare) ? (aliases[bare] as string) : bare;
    const known = found.operator || library.has(name) || this.#context.functions.has(bare);
    return known ? { text: `${name}${primes}`, at: found.start } : undefined;
  }

  /** `2 σ(z) c`: a function takes the parentheses behind it, all else is multiplied. */
  #product(operands: readonly MathJson[], parts: readonly Piece[], indices: Indices): Piece {
    const factors: Piece[] = [];
    for (let i = 0; i < operands.length; i++) {
      const operand = operands[i] as MathJson;
      const next = operands[i + 1];
      const [part = "", behind = ""] = [parts[i], parts[i + 1]];
      const { inner, negative } = withoutSigns(operand);
      const signed = (piece: Piece): Piece => (negative ? ["(-", piece, ")"] : piece);
      const [base, exponent] = headOf(inner) === "Power" ? operandsOf(inner) : [];
      const called = this.#function(inner);
      const raised = this.#function(base);
      if (called !== undefined && next !== undefined && isBracket(next)) {
        factors.push(signed(this.#slope(inner, next, behind) ?? [called, behind]));
        i++;
      } else if (next !== undefined && isBracket(next) && this.#isOwnCall(inner, next)) {
        const [, power] = headOf(next) === "Power" ? operandsOf(next) : [];
        const of = this.translate(inner, indices);
        const raised = power === undefined ? of : [of, "^(", this.translate(power, indices), ")"];
        factors.push(signed(raised));
        i++;
      } else if (
        raised !== undefined &&
        exponent !== undefined &&
        headOf(next ?? 0) === "Delimiter"
      ) {
        // sin²(x): the exponent stands before the parentheses.
        factors.push(signed([raised, behind, "^", this.translate(exponent, indices)]));
        i++;
      } else factors.push(part);
    }
    if (factors.length === 1) return factors[0] as Piece;
    return (heads["Multiply"] as (p: readonly Piece[]) => Piece)(factors);
  }

  /** `σ'(z)`, `σ'(z)²`: the derivative of a function of the library. */
  #slope(node: MathJson, bracket: MathJson, behind: Piece): Piece | undefined {
    const [, bare = "", primes = ""] = /^(.*?)('+)$/.exec(this.#nameOf(node)?.name ?? "") ?? [];
    const name = Object.hasOwn(aliases, bare) ? (aliases[bare] as string) : bare;
    const parts = library.has(name) ? slopeText(name, primes.length) : undefined;
    if (parts === undefined) return undefined;
    const isRaised = headOf(bracket) === "Power";
    const [argument = "", ...power] = isRaised ? (behind as readonly Piece[]) : [behind];
    return [...parts.flatMap((part, i) => (i === 0 ? [part] : [argument, part])), ...power];
  }

  /** `f(x)` where f was defined by just that: what f names. */
  #isOwnCall(node: MathJson, behind: MathJson): boolean {
    const name = this.#nameOf(node)?.name;
    const own = name === undefined ? undefined : this.#context.parameters.get(name);
    if (own === undefined) return false;
    const [bracket = 0] = headOf(behind) === "Power" ? operandsOf(behind) : [behind];
    const [inner = 0] = operandsOf(bracket);
    const given = headOf(inner) === "Sequence" ? operandsOf(inner) : [inner];
    const names = given.map((one) => this.#nameOf(one)?.name);
    if (names.join(", ") === own) return true;
    return this.#fail(behind, `${name} must be called as it was defined, ${name}(${own})`);
  }

  #power([base = 0]: readonly MathJson[], [x = "", n = ""]: readonly Piece[]): Piece {
    const plain = symbolOf(base) !== undefined || headOf(base) === "Delimiter";
    return [plain ? x : ["(", x, ")"], "^(", n, ")"];
  }

  #cases(node: MathJson, parts: readonly Piece[]): Piece {
    if (parts.length % 2 === 0) {
      return this.#fail(node, "the last of the cases must be \\text{otherwise}");
    }
    let out = parts.at(-1) as Piece;
    for (let i = parts.length - 3; i >= 0; i -= 2) {
      out = ["where(", parts[i] as Piece, ", ", parts[i + 1] as Piece, ", ", out, ")"];
    }
    return out;
  }

  /** A column is a vector. */
  #matrix([rows = 0]: readonly MathJson[], [all = ""]: readonly Piece[]): Piece {
    const lines = operandsOf(rows);
    const isColumn = lines.length > 0 && lines.every((row) => operandsOf(row).length === 1);
    if (!isColumn) return all;
    const cells = lines.map((row) => this.translate(operandsOf(row)[0] as MathJson));
    return (heads["List"] as (p: readonly Piece[]) => Piece)(cells);
  }

  #error(node: MathJson): never {
    const [code, where] = operandsOf(node);
    const [read] = where === undefined ? [] : operandsOf(where);
    const got = read === undefined ? undefined : stringOf(read)?.replace(/^'|'$/g, "");
    const why = (code === undefined ? undefined : stringOf(code)) ?? "unexpected";
    const known = why === "unexpected-command" ? "a command must have a meaning here" : undefined;
    return this.#fail(
      node,
      known ?? `the formula must be complete (${why.replaceAll("-", " ")})`,
      got,
    );
  }

  #fail(node: MathJson, reason: string, got?: string): never {
    const latex = latexOf(node)?.trim();
    const found = latex === undefined ? 0 : this.#names.latex.indexOf(latex);
    const { source } = this.#context;
    let at = this.#names.sourceOf(offsetOf(node) ?? Math.max(0, found));
    while (/\s/.test(source[at] ?? "")) at++;
    const end = latex === undefined ? at : this.#names.sourceOf(Math.max(0, found) + latex.length);
    const text =
      got ??
      this.#context.source
        .slice(at, Math.max(end, at + 1))
        .slice(0, 40)
        .trim();
    throw new ParseError(source, at, `${reason}, got "${text}"`);
  }
}
