import type { Expr, Program } from "@chainrule/core";
import type { Values } from "./values.ts";

/** What the command can print. */
export const formats = [
  "table",
  "json",
  "text",
  "latex",
  "dot",
  "svg",
  "tikz",
  "mermaid",
  "html",
  "png",
  "derivation",
  "markdown",
  "beamer",
] as const;

/** One of `formats`. */
export type Format = (typeof formats)[number];

/** Options of the command as the command line gives them. */
export interface GradOptions {
  readonly wrt?: readonly string[];
  readonly of?: string;
  readonly order: number;
  readonly functions?: readonly string[];
  readonly values?: string;
  readonly update?: number;
  readonly why?: boolean;
  readonly format: Format;
  readonly digits?: number;
  readonly decimals?: number;
  readonly detail?: 1 | 2 | 3;
  readonly rounding?: "half-even" | "trunc";
  readonly carry?: "full" | "displayed";
  readonly merge?: boolean;
  readonly output?: string;
  readonly file?: string;
}

/** What one call of the command is about, checked. */
export interface Request {
  readonly text: string;
  readonly program: Program;
  /** Name of the output, as it is printed. */
  readonly name: string;
  readonly output: Expr;
  readonly wrt: Readonly<Record<string, Expr>>;
  /** Values of all variables; `undefined` when formulas only are asked for. */
  readonly values: Values | undefined;
  readonly options: GradOptions;
  readonly color: boolean;
}
