import {
  ArgumentError,
  type Expr,
  evaluate,
  grad,
  isInput,
  leavesOf,
  nameOf,
  type Program,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";

/** An answer as it was meant: a number, or an expression in the names of the program. */
export interface Answer {
  readonly value: number | Expr;
  /** A number may be off by this much relative to itself: it was rounded or cut off. */
  readonly tolerance: number;
}

/** `∂L/∂e`, `dL/de`, `dL / de`. */
const DERIVATIVE = /(?:∂|\bd)([\p{L}_][\p{L}\p{N}_]*)\s*\/\s*(?:∂|d)([\p{L}_][\p{L}\p{N}_]*)/gu;

/** Rounding of double precision, and of those who copy its digits. */
const EXACT = 1e-6;

/** A number with fewer digits is meant as it stands. */
const SHORT = 3;

/**
 * Reads what a student answers: `2c`, `-4`, `1/3`, `0,25`, or with derivatives by their names,
 * `dL/de * 2`. Numbers of three digits and more may be off by one in the last.
 *
 * Throws ParseError where it is no expression, ArgumentError where it has names the program lacks.
 */
export function readAnswer(program: Program, text: string): Answer {
  const trimmed = text.trim().replace(/^[−–]/u, "-");
  const decimal = /^[+-]?\d+,\d+$/.test(trimmed) ? trimmed.replace(",", ".") : trimmed;
  if (decimal !== "" && Number.isFinite(Number(decimal))) {
    return { value: Number(decimal), tolerance: toleranceOf(decimal) };
  }
  const known: Readonly<Record<string, Expr>> = { ...program.definitions, ...program.variables };
  const variables: Record<string, Expr> = { ...known };
  let count = 0;
  const named = decimal.replace(DERIVATIVE, (whole: string, y: string, x: string) => {
    const [of, by] = [known[y], known[x]];
    if (of === undefined || by === undefined) return whole;
    count += 1;
    let name = `derivative_${count}`;
    while (name in known) name += "_";
    variables[name] = grad(of, by);
    return `(${name})`;
  });
  const { result } = parse(named, { variables });
  const own = new Set(Object.values(program.variables));
  const stranger = leavesOf([result]).find((leaf) => isInput(leaf) && !own.has(leaf));
  if (stranger !== undefined) {
    throw new ArgumentError(
      `readAnswer: names must belong to the program (${Object.keys(known).join(", ")}), got "${nameOf(stranger) ?? ""}"`,
    );
  }
  const constant = !leavesOf([result]).some(isInput);
  if (constant && result.shape.length === 0) {
    return { value: evaluate(result) as number, tolerance: EXACT };
  }
  const elements = constant ? (decimal.match(/\d[\d.]*/g) ?? []) : [];
  return { value: result, tolerance: Math.max(EXACT, ...elements.map(toleranceOf)) };
}

/** One unit of the last decimal, so that both rounding and cutting off are right. */
function toleranceOf(text: string): number {
  const [mantissa = ""] = text.split(/e/i);
  const fraction = mantissa.split(".")[1];
  const digits = mantissa.replace(/^[+-]?[0.]*/, "").replace(".", "").length;
  if (fraction === undefined || digits < SHORT) return EXACT;
  return Math.max(EXACT, 10 ** -fraction.length / Math.abs(Number(mantissa)));
}
