import type { Expr, Scalar } from "@chainrule/core";
import { scalar, variable } from "@chainrule/core";
import { type Parsed, parse } from "@chainrule/core/parse";

/** Only true where both are one and the same type. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Program<T extends string> = Parsed<T, Record<never, never>, never>;
type Variables<T extends string> = keyof Program<T>["variables"];
type Definitions<T extends string> = keyof Program<T>["definitions"];

/** Every element must be `true`; tsc reports the place of one that is not. */
export const laws: readonly true[] = [
  law<Same<Variables<"d = 2b; e = a + d; L = c e">, "a" | "b" | "c">>(),
  law<Same<Definitions<"d = 2b; e = a + d; L = c e">, "d" | "e" | "L">>(),
  law<Same<Definitions<"c(a + 2b)">, never>>(),
  law<Same<Variables<"c(a+2b)^2">, "a" | "b" | "c">>(),
  // Values and shapes declare variables.
  law<Same<Variables<"a = 3; b=-1;c = − 2 ; x: [batch, 3]; c(a+2b)">, "a" | "b" | "c" | "x">>(),
  law<Same<Definitions<"a = 3; y = 1/2; z = 2a">, "y" | "z">>(),
  law<Same<Variables<"W = [1, 2; 3, 4]; v = [p; q]">, "W" | "p" | "q">>(),
  law<Same<Definitions<"W = [1, 2; 3, 4]; v = [p; q]">, "v">>(),
  // Functions and constants are no variables, unless defined.
  law<Same<Variables<"sin x + σ(z) + e^(-t) + 2pi + π">, "x" | "z" | "t">>(),
  law<Same<Variables<"e = 3; σ = 2; e + σ + mod">, "e" | "σ">>(),
  // Names in one spelling.
  law<
    Same<
      Variables<"x_{12} + x₁₂ + x_12 + sum_{h1} + w_{i,j} + w5'">,
      "x_12" | "sum_h1" | "w_i_j" | "w5'"
    >
  >(),
  law<Same<Variables<"x²y + 2zⁿ - a·b">, "x" | "y" | "z" | "n" | "a" | "b">>(),
  // Numbers with exponents.
  law<Same<Variables<"2e3x + 2e-4y + 1.5E2 + .5z + 2E1">, "x" | "y" | "z">>(),
  // Functions with bodies.
  law<Same<Variables<"f(x) = k x^2; y = f(3a)">, "k" | "a">>(),
  law<Same<Definitions<"f(x) = k x^2; y = f(3a)">, "y">>(),
  law<Same<Variables<"L(a, b, c) = c(a+2b)">, "a" | "b" | "c">>(),
  law<Same<Definitions<"L(a, b, c) = c(a+2b); a = 3">, "L">>(),
  // Comments, newlines, conditions, transposes.
  law<Same<Variables<"# y = z; w\nx + 1 # v\n">, "x">>(),
  law<Same<Definitions<"a = x > 0 ? x : -x\r\nb = a == 1">, "a" | "b">>(),
  law<Same<Variables<"A: [2, 3]; A' x'">, "A" | "x'">>(),
  law<Same<Variables<"x: [batch, n]; sum(x) / batch + f'(k)">, "x" | "f'" | "k">>(),
  law<Same<Variables<"f(x) = x^2; f'(a)">, "a">>(),
  // Long or computed texts have records.
  law<Same<Variables<string>, string>>(),
  law<Same<Variables<`a = ${number}; b`>, string>>(),
];

function law<T extends true>(): T {
  return true as T;
}

const lecture = parse("d = 2b; e = a + d; L = c e");
export const L: Scalar = lecture.definitions.L;
export const result: Scalar = lecture.result;
// @ts-expect-error z is no variable of the text
lecture.variables.z;
// @ts-expect-error e is defined, so it is no variable
lecture.variables.e;

const arrays = parse("x: [batch, 3]; y = sum(x)");
export const y: Expr = arrays.definitions.y;
// @ts-expect-error with arrays a node may have any shape
export const scalarX: Scalar = arrays.variables.x;

const given = parse("v + w", { variables: { v: scalar("velocity") } });
export const w: Scalar = given.variables.w;
// @ts-expect-error v is given, so it is no variable of the text
given.variables.v;
const matrix = parse("v + w", { variables: { v: variable("v", [3]) } });
// @ts-expect-error v is a vector, so the result may be one
export const sum: Scalar = matrix.result;

const chain = parse("u(v(x))", { functions: ["u", "v"] });
export const x: Scalar = chain.variables.x;
// @ts-expect-error u is a function
chain.variables.u;

/** The lecture's 2-2-2 network, its inputs, weights and targets; `w_9` is a slip. */
const network = parse(`
  i_1 = 0.1; i_2 = 0.5; t_1 = 0.05; t_2 = 0.95; b_1 = 0.25; b_2 = 0.35
  w_1 = 0.1; w_2 = 0.2; w_3 = 0.3; w_4 = 0.4; w_5 = 0.5; w_6 = 0.6; w_7 = 0.7; w_8 = 0.8
  sum_h1 = i_1 w_1 + i_2 w_3 + b_1; out_h1 = σ(sum_h1)
  sum_h2 = i_1 w_2 + i_2 w_4 + b_1; out_h2 = σ(sum_h2)
  sum_o1 = out_h1 w_5 + out_h2 w_6 + b_2; out_o1 = σ(sum_o1)
  sum_o2 = out_h1 w_7 + out_h2 w_8 + b_2; out_o2 = σ(sum_o2)
  E_1 = 1/2 (t_1 - out_o1)^2; E_2 = 1/2 (t_2 - out_o2)^2
  E = E_1 + E_2
`);
export const E: Scalar = network.definitions.E;
export const w8: Scalar = network.variables.w_8;
// @ts-expect-error there is no ninth weight
network.variables.w_9;
