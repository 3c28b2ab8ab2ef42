import { add, compile, Dual, fn, mul, opaque, Real, sub, Vec, vjp } from "rose";

const tanh = opaque([Real], Real, Math.tanh);
tanh.jvp = fn([Dual], Dual, ({ re: x, du: dx }) => {
  const y = tanh(x);
  return { re: y, du: mul(dx, sub(1, mul(y, y))) };
});

interface Traced {
  /** Milliseconds to trace the network and its gradient, not compiled. */
  readonly time: number;
  readonly gradient: never;
}

/** The 2-H-H-1 tanh network and its gradient by all parameters and both inputs, inputs last. */
export function traceRose(hidden: number): Traced {
  const count = 3 * hidden + hidden * (hidden + 1) + hidden + 1;
  const start = performance.now();
  const Parameters = Vec(count + 2, Real);
  const f = fn([Parameters], Real, (v) => {
    let at = 0;
    const next = () => v[at++] as never;
    const [x, y] = [v[count] as never, v[count + 1] as never];
    const first = Array.from({ length: hidden }, () =>
      tanh(add(add(mul(next(), x), mul(next(), y)), next())),
    );
    const second = Array.from({ length: hidden }, () => {
      let sum = next();
      for (const unit of first) sum = add(sum, mul(next(), unit)) as never;
      return tanh(sum);
    });
    let out = next();
    for (const unit of second) out = add(out, mul(next(), unit)) as never;
    return out;
  });
  const gradient = fn([Parameters], Parameters, (v) => vjp(f)(v).grad(1) as never);
  return { time: performance.now() - start, gradient: gradient as never };
}

/** The gradient, compiled by Rose. */
export async function roseGradient(hidden: number): Promise<(point: number[]) => unknown> {
  return (await compile(traceRose(hidden).gradient)) as unknown as (point: number[]) => unknown;
}
