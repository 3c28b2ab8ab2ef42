import { add, Dual, fn, mul, opaque, Real, sub, Vec, vjp } from "rose";

const tanh = opaque([Real], Real, Math.tanh);
tanh.jvp = fn([Dual], Dual, ({ re: x, du: dx }) => {
  const y = tanh(x);
  return { re: y, du: mul(dx, sub(1, mul(y, y))) };
});

/** Milliseconds to trace the 2-H-H-1 tanh network and its gradient, not compiled. */
export async function roseTime(hidden: number): Promise<number> {
  const count = 3 * hidden + hidden * (hidden + 1) + hidden + 1;
  const start = performance.now();
  const Parameters = Vec(count + 2, Real);
  const f = fn([Parameters], Real, (v) => {
    let at = 2;
    const next = () => v[at++] as never;
    const [x, y] = [v[0] as never, v[1] as never];
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
  fn([Parameters], Parameters, (v) => vjp(f)(v).grad(1) as never);
  return performance.now() - start;
}
