import type { Expr } from "@chainrule/core";
import type { Rule } from "./writer.ts";

const f =
  (name: string): Rule =>
  (_, args) =>
    `Math.${name}(${args.join(", ")})`;
const infix =
  (sign: string): Rule =>
  (_, [a, b]) =>
    `${a} ${sign} ${b}`;
const truth =
  (sign: string): Rule =>
  (_, [a, b]) =>
    `${a} ${sign} ${b} ? 1 : 0`;

/** Product of 32-bit integers, of which doubles would lose digits. */
const isInteger = ({ dtype }: Expr): boolean => dtype === "i32";

/** Ops on numbers as expressions of JavaScript; truth values are 0 and 1. */
export const typescriptRules: Readonly<Record<string, Rule>> = {
  abs: f("abs"),
  acos: f("acos"),
  acosh: f("acosh"),
  add: infix("+"),
  asin: f("asin"),
  asinh: f("asinh"),
  atan: f("atan"),
  atan2: f("atan2"),
  atanh: f("atanh"),
  cast: (_, [x]) => `${x}`,
  cbrt: f("cbrt"),
  ceil: f("ceil"),
  clip: (_, [x, low, high]) => `Math.min(Math.max(${x}, ${low}), ${high})`,
  cos: f("cos"),
  cosh: f("cosh"),
  div: infix("/"),
  equal: truth("==="),
  exp: f("exp"),
  expm1: f("expm1"),
  floor: f("floor"),
  greater: truth(">"),
  greaterEqual: truth(">="),
  hypot: f("hypot"),
  less: truth("<"),
  lessEqual: truth("<="),
  log: f("log"),
  log10: f("log10"),
  log1p: f("log1p"),
  log2: f("log2"),
  logSigmoid: (_, [x]) => `Math.min(${x}, 0) - Math.log1p(Math.exp(-Math.abs(${x})))`,
  logicalAnd: (_, [a, b]) => `${a} !== 0 && ${b} !== 0 ? 1 : 0`,
  logicalNot: (_, [x]) => `${x} === 0 ? 1 : 0`,
  logicalOr: (_, [a, b]) => `${a} !== 0 || ${b} !== 0 ? 1 : 0`,
  logicalXor: (_, [a, b]) => `(${a} !== 0) !== (${b} !== 0) ? 1 : 0`,
  mask: (_, [condition, x]) => `${condition} !== 0 ? ${x} : 0`,
  max: f("max"),
  min: f("min"),
  mod: (_, [x, y]) => `modulo(${x}, ${y})`,
  mul: (node, args) => (isInteger(node) ? f("imul")(node, args) : infix("*")(node, args)),
  neg: (_, [x]) => `-(${x})`,
  notEqual: truth("!=="),
  pow: f("pow"),
  reciprocal: (_, [x]) => `1 / ${x}`,
  relu: (_, [x]) => `Math.max(${x}, 0)`,
  sigmoid: (_, [x]) => `1 / (1 + Math.exp(-(${x})))`,
  sign: f("sign"),
  sin: f("sin"),
  sinh: f("sinh"),
  softplus: (_, [x]) => `Math.max(${x}, 0) + Math.log1p(Math.exp(-Math.abs(${x})))`,
  sqrt: f("sqrt"),
  square: (node, [x]) => (isInteger(node) ? `Math.imul(${x}, ${x})` : `${x} * ${x}`),
  step: ({ attributes }, [x]) =>
    `${x} > 0 ? 1 : ${x} < 0 ? 0 : ${x} === 0 ? ${attributes["atZero"] ?? 1} : ${x}`,
  stopGradient: (_, [x]) => `${x}`,
  sub: infix("-"),
  tan: f("tan"),
  tanh: f("tanh"),
  where: (_, [condition, x, y]) => `${condition} !== 0 ? ${x} : ${y}`,
};

/** Functions that a module holds where its lines call them. */
export const typescriptHelpers: Readonly<Record<string, string>> = {
  check: `function check(name: string, length: number, expected: number): void {
  if (length !== expected) throw new RangeError(\`\${name} must have \${expected} elements, got \${length}\`);
}`,
  // The rest has the sign of the divisor; by 0 it is the dividend.
  modulo: `function modulo(x: number, y: number): number {
  if (y === 0) return x;
  const rest = x % y;
  if (rest === 0) return 0;
  return rest < 0 === y < 0 ? rest : rest + y;
}`,
};
