import {
  type Expr,
  matmul,
  mul,
  Program,
  parameter,
  relu,
  softmax,
  square,
  sub,
  sum,
  tanh,
  transpose,
  variable,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import { parse } from "@chainrule/core/parse";

/** The lecture's example, `L = c (a + 2b)`. */
export const lecture: Program = parse("d = 2b; e = a + d; L = c e");
export const lectureValues = { a: 3, b: 1, c: -2 };

/** The lecture's 2-2-2 network. */
export const network: Program = parse(
  "sum_h1 = i1 w1 + i2 w3 + b1; out_h1 = σ(sum_h1); sum_h2 = i1 w2 + i2 w4 + b1; out_h2 = σ(sum_h2);" +
    "sum_o1 = out_h1 w5 + out_h2 w6 + b2; out_o1 = σ(sum_o1); sum_o2 = out_h1 w7 + out_h2 w8 + b2;" +
    "out_o2 = σ(sum_o2); E1 = 1/2 (t1 - out_o1)^2; E2 = 1/2 (t2 - out_o2)^2; E = E1 + E2",
);
export const networkValues = {
  ...{ i1: 0.1, i2: 0.5, w1: 0.1, w2: 0.2, w3: 0.3, w4: 0.4, w5: 0.5, w6: 0.6, w7: 0.7, w8: 0.8 },
  ...{ b1: 0.25, b2: 0.35, t1: 0.05, t2: 0.95 },
};

/** Collects the nodes made under a scope. */
class Scoped {
  readonly scopes: Map<Expr, readonly string[]> = new Map();
  readonly names: Map<Expr, string> = new Map();

  put(path: readonly string[], name: string | undefined, node: Expr): Expr {
    this.scopes.set(node, path);
    if (name !== undefined) this.names.set(node, name);
    return node;
  }
}

/** A perceptron of three dense layers with a squared loss. */
export function perceptron(): Program {
  const scoped = new Scoped();
  let h: Expr = variable("x", ["batch", 784]);
  const sizes = [784, 128, 64, 10];
  for (let i = 0; i < 3; i++) {
    const path = [`dense${i + 1}`];
    const weight = parameter(`W${i + 1}`, [sizes[i] as number, sizes[i + 1] as number]);
    const bias = parameter(`b${i + 1}`, [sizes[i + 1] as number]);
    const product = scoped.put(path, undefined, matmul(h, weight));
    const z = scoped.put(path, `z${i + 1}`, product.add(bias));
    h = scoped.put(path, `h${i + 1}`, i < 2 ? relu(z) : softmax(z));
  }
  const t = variable("t", ["batch", 10]);
  const loss = sum(square(sub(h, t)));
  return new Program({ definitions: { loss }, names: scoped.names, scopes: scoped.scopes });
}

/** Self-attention of one head. */
export function attention(): Program {
  const x = variable("X", ["n", 64]);
  const [q, k, v] = ["Q", "K", "V"].map((name) => matmul(x, parameter(`W_${name}`, [64, 64])));
  const scores = mul(matmul(q as Expr, transpose(k as Expr)), 1 / 8);
  const weights = softmax(scores);
  const out = matmul(weights, v as Expr);
  return new Program({
    definitions: { Q: q as Expr, K: k as Expr, V: v as Expr, S: scores, A: weights, Y: out },
  });
}

/** A recurrent network, unrolled over so many steps. */
export function unrolled(steps: number): Program {
  const scoped = new Scoped();
  const [w, u] = [parameter("W", [8, 8]), parameter("U", [4, 8])];
  let h: Expr = variable("h0", ["batch", 8]);
  for (let t = 1; t <= steps; t++) {
    const path = [`step${t}`];
    const x = variable(`x${t}`, ["batch", 4]);
    const a = scoped.put(path, undefined, matmul(h, w));
    const b = scoped.put(path, undefined, matmul(x, u));
    const z = scoped.put(path, undefined, a.add(b));
    h = scoped.put(path, `h${t}`, tanh(z));
  }
  return new Program({ definitions: { y: sum(h) }, names: scoped.names, scopes: scoped.scopes });
}

/** The same as a loop. */
export function looped(): Program {
  const [w, u] = [variable("w"), variable("u")];
  const [h] = scan(
    (before, x) => [tanh(mul(w, before as Expr).add(mul(u, x as Expr))), undefined],
    variable("h0"),
    variable("x", ["T"]),
  );
  return new Program({ definitions: { y: square(h as Expr) } });
}
