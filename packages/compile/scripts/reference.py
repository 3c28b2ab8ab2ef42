"""Reference values for test/compile/math: `python3 reference.py > test/compile/fixtures/math.json`.

By mpmath (made with 1.3.0) at 60 digits. Each function has rows [x, y, high, low]: arguments as
doubles (y is 0 for functions of one argument) and the value as the sum of two doubles.
Arguments are edges of the formats, of the functions and of our own case distinctions with their neighbours,
and fractional parts of multiples of the golden ratio spread over ranges.
"""

import json
import math
import sys

from mpmath import mp, mpf
import mpmath as m

mp.dps = 60


def sigmoid(x):
    return 1 / (1 + m.exp(-x))


def softplus(x):
    return x + m.log1p(m.exp(-x)) if x > 0 else m.log1p(m.exp(x))


unary = {
    "exp": (m.exp, [(-745, 709.7), (-1, 1), (-40, 40)], [0.34657359027997264, 709.782712893384, -745.1332191019411, -708.4]),
    "expm1": (m.expm1, [(-45, 709.7), (-1, 1)], [0.34657359027997264, -0.34657359027997264, 40, -40, 709.782712893384]),
    "sinh": (m.sinh, [(-710, 710), (-2, 2)], [1, -1, 710.4758600739439]),
    "cosh": (m.cosh, [(-710, 710), (-2, 2)], [710.4758600739439]),
    "tanh": (m.tanh, [(-23, 23), (-1, 1)], [22, -22, 0.17328679513998632]),
    "sigmoid": (sigmoid, [(-745, 745), (-40, 40), (-3, 3)], [-745.13, 37, -37]),
    "log": (m.log, [(0.5, 2), (0.001, 100)], [math.sqrt(0.5), math.sqrt(2), 1, 2**-1022]),
    "log1p": (m.log1p, [(-0.999, 3), (-0.3, 0.5)], [math.sqrt(2) - 1, math.sqrt(0.5) - 1]),
    "log2": (lambda x: m.log(x, 2), [(0.5, 2), (0.001, 100)], [math.sqrt(0.5), math.sqrt(2), 1, 2**-1022]),
    "log10": (lambda x: m.log(x, 10), [(0.5, 2), (0.001, 100)], [math.sqrt(0.5), 1000, 2**-1022]),
    "asinh": (m.asinh, [(-10, 10), (-1, 1)], [2.0**28]),
    "acosh": (m.acosh, [(1.0001, 2), (1.1, 1000)], [2.0**28, 1 + 2**-52]),
    "atanh": (m.atanh, [(-0.999, 0.999), (-0.5, 0.5)], [2**-28, 1 - 2**-53]),
    "softplus": (softplus, [(-745, 745), (-40, 40), (-3, 3)], [-745.13]),
    "logSigmoid": (lambda x: -softplus(-x), [(-745, 745), (-40, 40), (-3, 3)], [745.13]),
    "sin": (m.sin, [(-4, 4), (-1000, 1000), (-524288, 524288)], [math.pi, math.pi / 2, math.pi / 4, 2**-27, 524288, 6381956970095103.0 * 2.0**797]),
    "cos": (m.cos, [(-4, 4), (-1000, 1000), (-524288, 524288)], [math.pi, math.pi / 2, math.pi / 4, 2**-27, 524288, 6381956970095103.0 * 2.0**797]),
    "tan": (m.tan, [(-4, 4), (-1000, 1000), (-524288, 524288)], [math.pi, math.pi / 2, math.pi / 4, 2**-27, 524288, 6381956970095103.0 * 2.0**797]),
    "asin": (m.asin, [(-1, 1), (0.4, 0.6)], [0.5, -0.5, 1, -1]),
    "acos": (m.acos, [(-1, 1), (0.4, 0.6)], [0.5, -0.5, 1, -1]),
    "atan": (m.atan, [(-10, 10), (-1, 1), (0.6, 1.6)], [2 / 3, 1.5, 1]),
    "erf": (m.erf, [(-6.1, 6.1), (-1.1, 1.1)], [1, -1, 6]),
    "cbrt": (lambda x: m.sign(x) * m.cbrt(abs(x)), [(-10, 10), (0.5, 8)], [8, 27, 2**-1022]),
}

binary = {
    "atan2": (lambda x, y: m.atan2(x, y), [(-10, 10), (-1, 1)]),
    "hypot": (lambda x, y: m.hypot(x, y), [(-10, 10), (-1, 1)]),
    "pow": (lambda x, y: m.power(x, y), [(0.01, 10), (0.9, 1.1)]),
}

golden = (math.sqrt(5) - 1) / 2
tiny = [5e-324, 1e-310, 2.0**-1022, 1e-200, 1e-20, 2.0**-53, 1e-10, 1e-5, 1e-3]
huge = [1e3, 1e5, 1e10, 1e100, 1.7976931348623157e308]


def spread(low, high, count, offset):
    return [low + (high - low) * (((i + offset) * golden) % 1) for i in range(count)]


def beside(x):
    return [math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf)]


def row(x, y, value):
    if not isinstance(value, mpf) or not m.isfinite(value):
        return None
    high = float(value)
    if math.isinf(high):
        return None
    return [x, y, high, float(value - high)]


def rows(points, f):
    found = []
    for point in points:
        try:
            value = f(*[mpf(p) for p in point])
        except (ValueError, ZeroDivisionError):
            continue
        x, y = point if len(point) == 2 else (point[0], 0)
        made = row(x, y, value)
        if made is not None:
            found.append(made)
    return found


result = {}
for name, (f, ranges, edges) in unary.items():
    points = [x for i, (a, b) in enumerate(ranges) for x in spread(a, b, 150, 1 + i)]
    points += [x for edge in edges for x in beside(edge)]
    points += [s * x for x in tiny + (huge if name not in ("exp", "expm1", "sinh", "cosh") else []) for s in (1, -1)]
    result[name] = rows([(x,) for x in points], f)
for name, (f, ranges) in binary.items():
    points = [
        (x, y)
        for i, (a, b) in enumerate(ranges)
        for x, y in zip(spread(a, b, 300, 1 + i), [((k * math.sqrt(2)) % 1) * (b - a) + a for k in range(300)])
    ]
    if name == "hypot":
        points += [(3e200, 4e200), (3e-200, 4e-200), (3e-320, 4e-320), (1e308, 1e308), (1e308, 1e-308)]
    if name == "atan2":
        points += [(1e308, 1e308), (5e-324, 1e308), (1e308, -5e-324), (-1e-300, -1e300), (5e-324, -5e-324), (1.5, 1), (2, 3)]
    result[name] = rows(points, f)

json.dump(result, sys.stdout, separators=(",", ":"))
print()
