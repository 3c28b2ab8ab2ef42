import { type DType, dtypes } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import * as ops from "../ops/index.ts";
import type { Argument } from "./argument.ts";
import { nodeOf, type TextFunction, unary, withParameters } from "./functionKinds.ts";

/** `log x` is natural, `log(x, b) = ln x / ln b`, as in mathjs. */
export const logarithm: TextFunction = withParameters(1, 2, (x, base) =>
  base === undefined ? ops.log(x) : ops.div(ops.log(x), ops.log(base.expression)),
);

/** Of several numbers, or of all elements of one array. */
export function extremum(two: (a: Expr, b: Expr) => Expr, all: ops.Reduction): TextFunction {
  return withParameters(1, Number.POSITIVE_INFINITY, (first, ...rest) =>
    rest.length === 0
      ? all(first)
      : (rest as readonly Argument[]).map(nodeOf).reduce((a, b) => two(a, b), first),
  );
}

/** `relu(x, atZero)` */
export function kinked(build: (x: Expr, options: ops.KinkOptions) => Expr): TextFunction {
  return withParameters(1, 2, (x, atZero) => build(x, branch(atZero)));
}

/** `leakyRelu(x, alpha, atZero)` */
export function sloped(build: (x: Expr, options: ops.SlopeOptions) => Expr): TextFunction {
  return withParameters(1, 3, (x, alpha, atZero) =>
    build(x, { ...(alpha === undefined ? {} : { alpha: alpha.number }), ...branch(atZero) }),
  );
}

export function branch(atZero: Argument | undefined): ops.KinkOptions {
  if (atZero === undefined) return {};
  const value = atZero.number;
  if (value === 0 || value === 1) return { atZero: value };
  throw new ArgumentError(`atZero must be 0 or 1, got ${value}`);
}

/** `argmax(x, axis, keepDims)` */
export function index(build: ops.ArgReduction): TextFunction {
  return withParameters(1, 3, (x, axis, keepDims) =>
    build(x, axis?.integers[0] ?? -1, { keepDims: keepDims?.flag ?? false }),
  );
}

/** `softmax(x, axes)` */
export function normalized(
  build: (x: Expr, axes?: number | readonly number[]) => Expr,
): TextFunction {
  return withParameters(1, 2, (x, axes) => build(x, axes?.integers ?? -1));
}

/** The text stands first, as in code, or last, as it is printed. */
export const einsum: TextFunction = {
  arity: [2, Number.POSITIVE_INFINITY],
  build: (args) => {
    const last = args.at(-1) as Argument;
    if (last.isText) return ops.einsum(last.text, ...args.slice(0, -1).map(nodeOf));
    return ops.einsum((args[0] as Argument).text, ...args.slice(1).map(nodeOf));
  },
};

export function dtype(arg: Argument): DType {
  const known = dtypes.find((candidate) => candidate === arg.text);
  if (known !== undefined) return known;
  throw new ArgumentError(`dtype must be one of ${dtypes.join(", ")}, got "${arg.text}"`);
}

export function approximation(arg: Argument): "none" | "tanh" {
  const name = arg.text;
  if (name === "none" || name === "tanh") return name;
  throw new ArgumentError(`gelu: approximate must be "none" or "tanh", got "${name}"`);
}

/** `slice(x, axis, start, size, step)`, as it is printed; indices `x[2:3]` are for people. */
export const slice: TextFunction = withParameters(4, 5, (x, axis, start, size, step) => {
  const from = (start as Argument).number;
  const by = step?.number ?? 1;
  const count = (size as Argument).size;
  const end = typeof count === "number" ? from + count * by : undefined;
  return ops.slice(
    x,
    (axis as Argument).number,
    from,
    end !== undefined && end < 0 ? undefined : end,
    by,
  );
});

/** `place(x, axis, start, step, size, length)`, as it is printed: the size is that of x. */
export const place: TextFunction = withParameters(6, 6, (x, axis, start, step, _size, length) =>
  ops.place(
    x,
    (axis as Argument).number,
    (length as Argument).size,
    (start as Argument).number,
    (step as Argument).number,
  ),
);

/** `conv2d(x, kernel, stride, padding)` */
export function convolved(
  build: (x: Expr, kernel: Expr, options: ops.ConvolutionOptions) => Expr,
): TextFunction {
  return withParameters(2, 4, (x, kernel, stride, padding) =>
    build(x, (kernel as Argument).expression, windows(stride, padding)),
  );
}

/** `maxPool2d(x, size, stride, padding)` */
export function pooled(
  build: (x: Expr, size: ops.PerAxis, options: ops.WindowOptions) => Expr,
): TextFunction {
  return withParameters(2, 4, (x, size, stride, padding) =>
    build(x, perAxis(size as Argument), windows(stride, padding)),
  );
}

export function windows(stride?: Argument, padding?: Argument): ops.WindowOptions {
  return {
    ...(stride === undefined ? {} : { stride: perAxis(stride) }),
    ...(padding === undefined ? {} : { padding: paddingOf(padding) }),
  };
}

export function paddingOf(arg: Argument): "valid" | "same" | ops.PerAxis {
  if (!arg.isText) return perAxis(arg);
  const name = arg.text;
  if (name === "valid" || name === "same") return name;
  throw new ArgumentError(`padding must be "valid", "same" or a number, got "${name}"`);
}

/** One number stands for all axes. */
export function perAxis(arg: Argument): ops.PerAxis {
  const { integers } = arg;
  return integers.length === 1 ? (integers[0] as number) : integers;
}

/** `1 / f(x)` */
export const reciprocalOf = (f: (x: Expr) => Expr): TextFunction => unary((x) => ops.div(1, f(x)));
