import { from, type Options, type TextbookDerivative } from "./entry.ts";

const stewart = "Stewart, Calculus: Early Transcendentals, 8th ed.";
const goodfellow = "Goodfellow, Bengio & Courville, Deep Learning";
const second: Options = { order: 2 };

/** Partial derivatives of functions of several variables. */
export const partials: readonly TextbookDerivative[] = [
  ...from(`${stewart}, §14.3, partial derivatives`, [
    ["paraboloid by x", "4 - x^2 - 2y^2", "x", "-2x"],
    ["paraboloid by y", "4 - x^2 - 2y^2", "y", "-4y"],
    ["two variables by x", "x^3 + x^2 y - 2y^2", "x", "3x^2 + 2x y"],
    ["two variables by y", "x^3 + x^2 y - 2y^2", "y", "x^2 - 4y"],
    ["twice by y", "x^3 + x^2 y^3 - 2y^2", "y", "6x^2 y - 4", second],
    ["sine of a quotient by x", "sin(x/(1 + y))", "x", "cos(x / (y + 1)) / (y + 1)"],
    ["sine of a quotient by y", "sin(x/(1 + y))", "y", "-x cos(x / (y + 1)) / (y + 1)^2"],
    ["three variables by x", "e^(x y) log(z)", "x", "y exp(x y) log(z)"],
    ["three variables by z", "e^(x y) log(z)", "z", "exp(x y) / z"],
    ["power by its base", "x^y", "x", "y x^(y - 1)"],
    ["travelling wave", "sin(x - a t)", "t", "-a cos(x - a t)"],
    ["travelling wave, twice", "sin(x - a t)", "t", "-a^2 sin(x - a t)", second],
    ["parallel resistors", "x y/(x + y)", "x", "y^2 / (x + y)^2"],
    ["volume of a cone", "pi r^2 h/3", "h", "pi r^2 / 3"],
    ["polar angle by x", "atan(y/x)", "x", "-y / (x^2 + y^2)"],
    ["polar angle by y", "atan2(y, x)", "y", "x / (x^2 + y^2)"],
    ["distance from the origin", "sqrt(x^2 + y^2)", "x", "x / sqrt(x^2 + y^2)"],
    [
      "distance from a point",
      "sqrt((x - a)^2 + (y - b)^2)",
      "x",
      "(x - a) / sqrt((x - a)^2 + (y - b)^2)",
    ],
    ["logarithmic potential", "log(x^2 + y^2)", "y", "2y / (x^2 + y^2)"],
    ["Newtonian potential", "1/sqrt(x^2 + y^2 + z^2)", "x", "-x / (x^2 + y^2 + z^2)^(3 / 2)"],
    ["square of a sum", "(a + b)^2", "a", "2(a + b)"],
  ]),
  ...from(`${goodfellow}, §6.5.1–6.5.2, computational graphs and the chain rule`, [
    ["c(a + 2b) by a", "c(a + 2b)", "a", "c"],
    ["c(a + 2b) by b", "c(a + 2b)", "b", "2c"],
    ["c(a + 2b) by c", "c(a + 2b)", "c", "a + 2b"],
    ["c(a + 2b) in steps, by b", "d = 2b; k = a + d; L = c k", "b", "2c"],
    ["square of c(a + 2b) by c", "(c(a + 2b))^2", "c", "2c(a + 2b)^2"],
  ]),
];
