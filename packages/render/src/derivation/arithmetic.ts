import { type Expr, evaluate, namedConstant, topological } from "@chainrule/core";
import { type NumberFormat, roundNumber } from "../number/roundNumber.ts";
import type { Quantity, Shown } from "./quantity.ts";

/** More digits than these do not end by chance: a number that has fewer is what it says. */
const ENDS = 12;

/** A value of an irrational function, such as σ(0) = 0.5, is taken at its word up to here. */
const FEW = 3;

/** Two doubles that differ by less were calculated in another order only. */
const NOISE = 1e-13;

/** Rounds, carries and judges the numbers of a derivation. */
export class Arithmetic {
  readonly format: NumberFormat;
  readonly carry: "full" | "displayed";
  /** Whether values are known at all. */
  readonly numbers: boolean;

  constructor(format: NumberFormat, carry: "full" | "displayed", numbers: boolean) {
    this.format = format;
    this.carry = carry;
    this.numbers = numbers;
  }

  /**
   * A number given from outside: what it says is exact. One of more digits than people write was computed elsewhere,
   * such as a weight after a step of training, and is printed like a result.
   */
  given(value: number): Shown {
    const { text } = roundNumber(value);
    const exact = !Number.isFinite(value) || significant(text) <= ENDS;
    if (exact) return { value, text, exact, fromPrinted: undefined };
    const rounded = roundNumber(value, this.format);
    const kept = this.carry === "full" ? value : rounded.value;
    return { value: kept, text: rounded.text, exact: rounded.whole, fromPrinted: undefined };
  }

  /**
   * A result: `full` with all digits, `printed` as the printed operands give it. `rational` tells
   * whether exact operands give an exact result.
   */
  result(full: number, printed: number, operands: readonly Shown[], rational: boolean): Shown {
    const value = this.carry === "full" ? full : printed;
    const rounded = roundNumber(value, this.format);
    const digits = significant(rounded.text);
    const known = rational && operands.every(({ exact }) => exact);
    const exact = rounded.whole && digits <= (known ? ENDS : FEW) && (known || !rational);
    const again = roundNumber(printed, this.format);
    const apart = Math.abs(again.value - rounded.value);
    const same = !this.numbers || !(apart > NOISE * Math.abs(rounded.value));
    return {
      value: this.carry === "full" ? full : rounded.value,
      text: rounded.text,
      exact,
      fromPrinted: this.carry === "full" && !same ? again.text : undefined,
    };
  }

  /** The value of an expression in symbols: `full` is known, that of printed operands computed. */
  expression(full: number, expr: Expr, sources: readonly Quantity[]): Shown {
    const operands = sources.map(({ value }) => value);
    return this.result(full, this.printed(expr, sources), operands, isRational(expr));
  }

  /** The value of an expression in symbols, from what is printed for these. */
  printed(expr: Expr, sources: readonly Quantity[]): number {
    if (!this.numbers) return Number.NaN;
    const values = new Map(sources.map(({ symbol, value }) => [symbol, printedValue(value)]));
    return evaluate(expr, values) as number;
  }
}

/** The number that is printed. */
export function printedValue({ text, value }: Shown): number {
  return Number.isFinite(value) ? Number(text) : value;
}

function significant(text: string): number {
  const [mantissa = ""] = text.split("e");
  return mantissa.replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "").length;
}

/** Whether exact numbers give an exact one: only sums, products, quotients and whole powers. */
function isRational(expr: Expr): boolean {
  return topological([expr]).nodes.every(({ op, args }) => {
    const { form } = op.notation;
    if (args.length === 0) return op !== namedConstant.op;
    if (form !== "power") return RATIONAL.has(form);
    return args.length === 1 || Number.isInteger(args[1]?.attributes["value"]);
  });
}

const RATIONAL: ReadonlySet<string> = new Set(["infix", "prefix", "product", "fraction", "silent"]);
