import { calculus } from "./textbook/calculus.ts";
import type { TextbookDerivative } from "./textbook/entry.ts";
import { learning } from "./textbook/learning.ts";
import { partials } from "./textbook/partials.ts";

export type { TextbookDerivative } from "./textbook/entry.ts";

/**
 * Derivatives as textbooks print them: what the simplified gradient of each text must read.
 *
 * Written before `simplify`, so that the strings say what a reader expects and not what a program
 * finds convenient. `source` is where the rule or formula stands; plain instances of a rule are
 * ours. Every string was checked against central differences.
 *
 * Normal form that the strings imply:
 *
 * Numbers
 * - Exact: integers and quotients of integers. `log(2)`, `sqrt(pi)`, `pi` stay symbols.
 * - One numeric coefficient a product, in front and without a space: `2x`, `2sin(x)`, `2(a + b)`,
 *   `2pi r`. Its denominator joins the quotient's: `x / 2`, `3sqrt(x) / 2`, `1 / (2sqrt(x))`.
 *
 * Products
 * - Order: coefficient, named constants, symbols (alphabetical) with numeric exponents, powers with
 *   other exponents, calls, parenthesised sums. Equal bases collect into one power (`n x^(n - 1)`),
 *   except into an exponent that contains the base (`x^(1 / x) (1 - log(x)) / x^2`).
 * - `sqrt(u)` counts as u^(1/2), and takes the place that a power of u has; u^(1/2) is written
 *   `sqrt(u)`, other fractions `x^(3 / 2)`. `e^u` is written `exp(u)`. A power of a quotient is a
 *   quotient of powers.
 * - Calls by family: exp; sin cos tan; asin acos atan; sinh cosh tanh; asinh acosh atanh; log; then
 *   by name. In a family the higher power first, then as listed: `2sin(x) cos(x)`,
 *   `-3cos(x)^2 sin(x)`. Abstract functions by name, fewer primes first: `2u(x) u'(x)`.
 * - Parenthesised sums: lower degree, then shorter text, then alphabetical.
 * - Factors are parted by a space, except before a parenthesised sum that follows a number, a
 *   single-letter name or a closing parenthesis: `c(a + 2b)`, `sigmoid(x)(1 - sigmoid(x))`, but
 *   `x^x (log(x) + 1)`, `6x^2 (x^3 + 1)`.
 *
 * Quotients
 * - Negative exponents stand below: `-3 / x^4`, `-1 / (2x^(3 / 2))`. One fraction bar a term; a
 *   denominator of several factors in parentheses. Fractions inside a quotient are cleared, also
 *   numeric ones in a numerator that is a sum: `(3x + 2) / (2sqrt(x + 1))`. Terms that are all over
 *   one number share the bar: `(exp(x) + exp(-x)) / 2`.
 *
 * Sums
 * - Degree: total degree in the symbols; calls and powers with other exponents count 0, a sum as
 *   its leading term, a denominator negative. Terms by descending degree; at the same degree those
 *   with calls or sums first, pure numbers last; then symbols in graded lexicographic order (x^2,
 *   x y, y^2), then families of calls (more primes first), then arguments without leading minus.
 * - A term that is the only positive one leads: `1 - x^2`, `y - t`, `cos(x) - sin(x)`. Otherwise
 *   the order stays and a leading minus with it: `-2x - 6`. Never `+ -`.
 *
 * Sums and products
 * 1. Taken out of a sum when every term has it, at the lowest exponent: calls, powers with other
 *    exponents (x^(u - 1) is x^u / x), sums; a symbol only as denominator, when every term has one
 *    and their exponents differ by at most 1 (the quotient rule): `(x cos(x) - sin(x)) / x^2`, but
 *    `2x + 1 / x`. Symbols in numerators and numbers are not taken out: `3x^2 - 2x`, `2x + 6`.
 * 2. What then remains is multiplied out if like terms merge or cancel by it, otherwise not:
 *    `5x^4 + 3x^2 + 6x`, but `2(a + b)`, `2lambda w - 2x(t - w x)`.
 * 3. A negative coefficient turns a sum of mixed signs round where that sum is all there is above
 *    the bar and the product is not a term of a sum: `2(y - t)` for -2(t - y). Beside other factors
 *    the minus stays: `-2x(t - w x)`. -1 times a sum, and nothing else, changes the sum's signs.
 * 4. sin^2 + cos^2 = 1; sin^k / cos^k = tan^k and sinh^k / cosh^k = tanh^k, for equal powers only;
 *    sign / abs = 1 / u; each of one argument u.
 * 5. The derivative of tan is shown as `1 / cos(x)^2`, of sigmoid as `sigmoid(x)(1 - sigmoid(x))`,
 *    of tanh as `1 - tanh(x)^2`.
 *
 * Names of entries are unique.
 */

export const textbook: readonly TextbookDerivative[] = [...calculus, ...partials, ...learning];
