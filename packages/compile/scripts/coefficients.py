"""Derives the polynomials of src/math/coefficients.ts by the exchange algorithm of Remez.

Run: python3 packages/compile/scripts/coefficients.py > packages/compile/src/math/coefficients.ts
Then format it: npx biome check --write packages/compile/src/math/coefficients.ts
Needs mpmath (made with 1.3.0). Each entry is a function g on [a, b], a weight w and a number of
coefficients; the polynomial minimises max |w (P - g)|. The error printed beside it is that maximum after
the coefficients are rounded to doubles.
"""

from mpmath import (
    asin, atan, erf, erfc, exp, expm1, log, lu_solve, matrix, mp, mpf, pi, sin, cos, sinh, sqrt,
)

mp.dps = 50


def remez(g, w, a, b, count):
    """Coefficients of the polynomial of `count` terms that minimises max |w (P - g)| on [a, b]."""
    a, b = mpf(a), mpf(b)
    # Where the weight vanishes the error would be free; a thousandth of its maximum keeps the problem regular.
    floor = max(w(a), w(b)) / 1000
    weight = w
    w = lambda x: weight(x) + floor
    points = [(a + b) / 2 - (b - a) / 2 * cos(pi * i / count) for i in range(count + 1)]
    grid = [(a + b) / 2 - (b - a) / 2 * cos(pi * i / (24 * count)) for i in range(24 * count + 1)]
    values = [(g(x), w(x)) for x in grid]
    best = None
    for _ in range(12):
        rows = matrix(count + 1, count + 1)
        right = matrix(count + 1, 1)
        for i, x in enumerate(points):
            for j in range(count):
                rows[i, j] = x**j
            rows[i, count] = (-1) ** i / w(x)
            right[i] = g(x)
        solution = lu_solve(rows, right)
        terms = [solution[j] for j in range(count)]
        errors = [wx * (horner(terms, x) - gx) for x, (gx, wx) in zip(grid, values)]
        extrema = alternating(grid, errors, count + 1)
        worst = max(abs(e) for e in errors)
        if best is None or worst < best[0]:
            best = (worst, terms)
        if extrema is None or worst < abs(solution[count]) * mpf("1.01"):
            break
        points = extrema
    return best[1]


def horner(terms, x):
    total = mpf(0)
    for term in reversed(terms):
        total = total * x + term
    return total


def alternating(grid, errors, count):
    """The places of the greatest errors of alternating sign."""
    runs = []
    for x, e in zip(grid, errors):
        if e == 0:
            continue
        if runs and (runs[-1][1] > 0) == (e > 0):
            if abs(e) > abs(runs[-1][1]):
                runs[-1] = (x, e)
        else:
            runs.append((x, e))
    while len(runs) > count:
        runs.pop(0 if abs(runs[0][1]) < abs(runs[-1][1]) else -1)
    return [x for x, _ in runs] if len(runs) == count else None


def entry(name, doc, g, w, a, b, count):
    terms = [mpf(float(t)) for t in remez(g, w, a, b, count)]
    a, b = mpf(a), mpf(b)
    grid = [a + (b - a) * i / 999 for i in range(1000)]
    worst = max(abs(w(x) * (horner(terms, x) - g(x))) for x in grid)
    print(f"/** {doc} Error {mp.nstr(worst, 2)}. */")
    print(f"export const {name}: readonly number[] = [")
    for t in terms:
        print(f"  {number(t)},")
    print("];\n")


def number(x):
    text = repr(float(x))
    return text[:-2] if text.endswith(".0") else text


def series(f, order):
    """f near 0 by more digits, since the formulas cancel there."""

    def g(x):
        if abs(x) > mpf("1e-6"):
            with mp.workdps(80):
                return f(mpf(x))
        with mp.workdps(140):
            return f(mpf(x) if x != 0 else mpf(10) ** -30)

    return g


def constant(name, doc, value, bits=None):
    """The leading bits of a constant."""
    if bits is not None:
        with mp.workprec(bits):
            value = +value
    print(f"/** {doc} */\nexport const {name} = {number(value)};\n")
    return value


def truncated(value, bits):
    """Leading bits, towards zero."""
    from mpmath import floor, mag

    scale = mpf(2) ** (bits - mag(value))
    return floor(value * scale) / scale


print("// Made by scripts/coefficients.py: polynomials by the exchange algorithm of Remez, constants by digits.\n")
ln2, half_pi = log(mpf(2)), pi / 2
# 32 bits: products with exponents up to 2^21 are exact.
hi = truncated(ln2, 32)
constant("ln2High", "ln 2, its leading 32 bits, so that products with exponents are exact.", hi)
constant("ln2Low", "ln 2 less `ln2High`.", ln2 - hi)
p1 = truncated(half_pi, 33)
p2 = truncated(half_pi - p1, 33)
constant("halfPi1", "π/2, its leading 33 bits, so that products with integers below 2²⁰ are exact.", p1)
constant("halfPi2", "π/2, the next 33 bits.", p2)
constant("halfPi3", "π/2 less the 66 bits before.", half_pi - p1 - p2)
constant("halfPiHigh", "π/2 rounded.", mpf(float(half_pi)))
constant("halfPiLow", "π/2 less `halfPiHigh`.", half_pi - mpf(float(half_pi)))
for base in (2, 10):
    word = "log₂ e" if base == 2 else "log₁₀ e"
    value = 1 / log(mpf(base))
    # 21 bits: products with numbers of 32 bits are exact.
    head = truncated(value, 21)
    constant(f"log{base}eHigh", f"{word}, its leading 21 bits: products with numbers of 32 bits are exact.", head)
    constant(f"log{base}eLow", f"{word} less `log{base}eHigh`.", value - head)
head = truncated(log(mpf(2), 10), 32)
constant("log10Of2High", "log₁₀ 2, its leading 32 bits.", head)
constant("log10Of2Low", "log₁₀ 2 less `log10Of2High`.", log(mpf(2), 10) - head)

one = lambda x: mpf(1)
entry("expTerms", "(eˣ − 1 − x) / x² on [−ln 2 / 2, ln 2 / 2].",
      series(lambda x: (expm1(x) - x) / x**2, 2), lambda x: x**2, -ln2 * mpf("0.502"), ln2 * mpf("0.502"), 10)
zmax = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.001")
entry("logTerms", "(2 artanh √z − 2 √z) / (z √z) on [0, 0.0295], the artanh series of the logarithm.",
      series(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) - 2 * sqrt(z)) / (z * sqrt(z)), 2),
      lambda z: z, 0, zmax, 7)
quarter = (pi / 4 * mpf("1.0001")) ** 2
entry("sinTerms", "(sin √z − √z) / (z √z) on [0, π²/16].",
      series(lambda z: (sin(sqrt(z)) - sqrt(z)) / (z * sqrt(z)), 2), lambda z: z, 0, quarter, 6)
entry("cosTerms", "(cos √z − 1 + z/2) / z² on [0, π²/16].",
      series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, 2), lambda z: z**2, 0, quarter, 6)
entry("asinTerms", "(arcsin √z − √z) / (z √z) on [0, 1/4].",
      series(lambda z: (asin(sqrt(z)) - sqrt(z)) / (z * sqrt(z)), 2), lambda z: z, 0, mpf("0.25001"), 13)
entry("atanTerms", "(arctan √z − √z) / (z √z) on [0, 4/9].",
      series(lambda z: (atan(sqrt(z)) - sqrt(z)) / (z * sqrt(z)), 2), lambda z: z, 0, mpf(4) / 9 * mpf("1.001"), 16)
entry("sinhTerms", "(sinh √z − √z) / (z √z) on [0, 1].",
      series(lambda z: (sinh(sqrt(z)) - sqrt(z)) / (z * sqrt(z)), 2), lambda z: z, 0, mpf("1.001"), 8)
entry("erfTerms", "erf √z / √z − 1 on [0, 1].",
      series(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 1), one, 0, mpf("1.001"), 13)
entry("erfcTerms", "erfc(x) exp(x²) on [1, 6], in 1/(x + 3), as precisely as 1 − erfc needs.",
      lambda t: erfc(1 / t - 3) * exp((1 / t - 3) ** 2), lambda t: exp(-(1 / t - 3) ** 2),
      mpf(1) / 9, mpf("0.2501"), 14)
entry("cbrtTerms", "z^(−1/3) on [0.88, 1.13], in z − 1.",
      lambda u: (1 + u) ** (-mpf(1) / 3), one, mpf("-0.12"), mpf("0.13"), 6)
