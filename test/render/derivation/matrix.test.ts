import {
  add,
  div,
  type Expr,
  evaluate,
  leavesOf,
  log,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  Program,
  sigmoid,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  Tensor,
  transpose,
  variable,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import {
  type DerivationOptions,
  derivation,
  derivationLatex,
  derivationText,
  type MatrixDerivation,
} from "@chainrule/render";
import { describe, expect, it } from "vitest";

const matrixOf = (
  program: Program,
  values?: Parameters<typeof derivation>[1],
  options?: DerivationOptions,
): MatrixDerivation => {
  const made = derivation(program, values, options);
  if (made.kind !== "matrix") throw new Error("expected a derivation in matrix form");
  return made;
};

function dense(): Program {
  const [x, W] = [variable("x", ["batch", 3]), variable("W", [3, 2])];
  const z = add(matmul(x, W), variable("b", [2]));
  const y = sigmoid(z);
  const L = mul(0.5, sum(square(sub(y, variable("t", ["batch", 2])))));
  return new Program({ definitions: { z, y, L } });
}

function crossEntropy(): Program {
  const p = softmax(variable("z", [4, 3]));
  return new Program({ definitions: { p, C: neg(sum(mul(variable("t", [4, 3]), log(p)))) } });
}

function logCrossEntropy(): Program {
  const l = logSoftmax(variable("z", [4, 3]));
  return new Program({ definitions: { l, C: neg(sum(mul(variable("t", [4, 3]), l))) } });
}

function layerNorm(): Program {
  const x = variable("x", [4, 3]);
  const mu = mean(x, 1, { keepDims: true });
  const centred = sub(x, mu);
  const v = mean(square(centred), 1, { keepDims: true });
  const h = div(centred, sqrt(add(v, 1e-5)));
  const o = add(mul(variable("g", [3]), h), variable("b", [3]));
  return new Program({ definitions: { μ: mu, v, h, o, L: sum(square(o)) } });
}

function attention(): Program {
  const [Q, K, V] = [variable("Q", [4, 3]), variable("K", [4, 3]), variable("V", [4, 3])];
  const S = div(matmul(Q, transpose(K)), 2);
  const A = softmax(S);
  const O = matmul(A, V);
  return new Program({ definitions: { S, A, O, L: sum(square(O)) } });
}

const programs: readonly (readonly [string, () => Program])[] = [
  ["a dense layer", dense],
  ["softmax with cross-entropy", crossEntropy],
  ["logSoftmax with cross-entropy", logCrossEntropy],
  ["layer norm", layerNorm],
  ["attention", attention],
];

/** Numbers that are neither equal nor symmetric, so that a wrong axis gives a wrong value. */
function valuesOf(program: Program): Record<string, Tensor> {
  let seed = 0.37;
  const next = (): number => {
    seed = (seed * 7.13 + 0.219) % 1;
    return 0.1 + seed;
  };
  return Object.fromEntries(
    Object.entries(program.variables).map(([name, { shape }]) => {
      const sizes = shape.map((dim) => (typeof dim === "number" ? dim : 2));
      const count = sizes.reduce((product, size) => product * size, 1);
      return [name, new Tensor(sizes, Float64Array.from({ length: count }, next), "f64")];
    }),
  );
}

describe("derivations in matrix form", () => {
  it.each(programs)("of %s: every formula has the value of its adjoint", (_, make) => {
    const program = make();
    const made = matrixOf(program, valuesOf(program));
    const bound = new Map<Expr, number | Tensor>();
    for (const one of [...made.inputs, ...made.steps]) bound.set(one.symbol, one.value as Tensor);
    for (const one of made.adjoints) bound.set(one.symbol, one.value as Tensor);
    const all = [...made.adjoints, ...made.derivatives].filter(({ terms }) => terms.length > 0);
    expect(all.length).toBeGreaterThan(2);
    for (const { terms, value, of, symbol } of all) {
      const total = terms.map(({ formula }) => formula).reduce((a, b) => add(a, b));
      expect(total.shape).toEqual(symbol.shape);
      const found = evaluate(total, bound) as number | Tensor;
      const [got, wanted] = [found, value as number | Tensor].map((one) =>
        typeof one === "number" ? [one] : Array.from(one.data),
      ) as [number[], number[]];
      wanted.forEach((one, i) => {
        expect(got[i], of.name).toBeCloseTo(one, 12);
      });
    }
  });

  it("of a dense layer are those of every textbook", () => {
    const text = derivationText(matrixOf(dense()));
    expect(text).toMatch(/δ_y += y - t /);
    expect(text).toMatch(/δ_z += δ_y \.\* sigmoid'\(z\)/);
    expect(text).toContain("sigmoid'(z) = y .* (1 - y)");
    expect(text).toContain("∂L/∂W = xᵀ δ_z");
    expect(text).toContain("∂L/∂x = δ_z Wᵀ");
    expect(text).toContain("∂L/∂b = sum(δ_z, [0])");
  });

  it("in LaTeX: xᵀδ and δ ⊙ σ′(z)", () => {
    const latex = derivationLatex(matrixOf(dense()));
    expect(latex).toContain("\\frac{\\partial L}{\\partial W} &= x^{\\top}\\,\\delta_{z}");
    expect(latex).toContain("\\delta_{z} &= \\delta_{y} \\odot \\sigma'(z)");
  });

  it("name the rules, and state shapes and layout", () => {
    const text = derivationText(matrixOf(attention()));
    expect(text).toContain("(matrix product rule; from O)");
    expect(text).toContain("(derivative of softmax; from A)");
    expect(text).toContain("Shapes: Q [4, 3], K [4, 3], V [4, 3].");
    expect(text).toContain("the derivative by an element stands at that element's place");
  });

  it("of attention and of softmax", () => {
    const text = derivationText(matrixOf(attention()));
    expect(text).toContain("δ_S = A .* (δ_A - sum(δ_A .* A, [1], true))");
    expect(text).toContain("∂L/∂V = Aᵀ δ_O");
    expect(text).toContain("∂L/∂K = (δ_S / 2)ᵀ Q");
  });

  it("tell adjoints by those above alone, though others may be the same expression", () => {
    const softly = parse("W: [2, 2]; x: [2]; b: [2]; t: [2]; L = -sum(t .* log(softmax(W x + b)))");
    const programs = [dense(), crossEntropy(), logCrossEntropy(), layerNorm(), attention(), softly];
    for (const program of programs) {
      const { adjoints, derivatives } = matrixOf(program);
      const told = new Set<Expr>();
      const unknown = new Set([...adjoints, ...derivatives].map(({ symbol }) => symbol));
      for (const { terms, symbol } of [...adjoints, ...derivatives]) {
        for (const leaf of leavesOf(terms.flatMap(({ formula, primed }) => [formula, primed]))) {
          if (unknown.has(leaf)) expect(told, symbol.toString()).toContain(leaf);
        }
        told.add(symbol);
      }
    }
    const text = derivationText(derivation(softly));
    expect(text).toContain("δ_v2     = v3 .* (δ_v3 - sum(δ_v3 .* v3, [0], true))");
    expect(text).toContain("∂L/∂b = δ_v2");
  });

  it("take a product of a vector for one step, unless every operation is asked for", () => {
    const form = parse("A: [2, 2]; x: [2]; q = x' A x");
    expect(matrixOf(form).steps).toHaveLength(2);
    expect(matrixOf(form, undefined, { detail: 3 }).steps).toHaveLength(8);
    const text = derivationText(derivation(form));
    expect(text).toContain("q  = v1 x");
    expect(text).toContain("∂q/∂A = x xᵀ   (matrix product rule; from v1)");
  });

  it("sum the ways through mean and variance in layer norm", () => {
    const text = derivationText(matrixOf(layerNorm()));
    expect(text).toMatch(/∂L\/∂x = δ_v1 .*\n +\+ δ_μ \/ 3/);
  });

  it("give element indices on request", () => {
    const text = derivationText(matrixOf(dense(), undefined, { elements: true }));
    expect(text).toContain("(∂L/∂W)[i, j] = Σ_k x[k, i] δ_z[k, j]");
    expect(text).toContain("(∂L/∂b)[i] = Σ_j δ_z[j, i]");
    expect(text).toContain("(δ_z)[i, j] = δ_y[i, j] sigmoid'(z[i, j])");
    const latex = derivationLatex(matrixOf(dense(), undefined, { elements: true }));
    expect(latex).toContain("\\sum_{k} {x}_{k i}\\left(\\delta_{z}\\right)_{k j}");
  });

  it("show small tensors with their numbers", () => {
    const program = dense();
    const text = derivationText(matrixOf(program, valuesOf(program), { digits: 4 }));
    expect(text).toMatch(/∂L\/∂b = sum\(δ_z, \[0\]\).*\n +≈ \[-?0\.\d+, -?0\.\d+\]/);
  });

  it("update whole tensors", () => {
    const text = derivationText(matrixOf(dense(), undefined, { wrt: ["W"], update: 0.1 }));
    expect(text).toContain("new W = W - 0.1 ∂L/∂W");
  });

  it("say where no path leads", () => {
    const [x, y] = [variable("x", [2]), variable("y", [2])];
    const program = new Program({ variables: { x, y }, definitions: { L: sum(square(x)) } });
    const text = derivationText(derivation(program, undefined, { wrt: ["y"] }));
    expect(text).toMatch(/No path leads from y to L:\n\n +∂L\/∂y = 0/);
  });

  it("refuse a name that is nothing of the program", () => {
    const program = dense();
    expect(() => derivation(program, undefined, { wrt: ["q"] })).toThrow(
      'derivation: wrt must be inputs or steps (x, W, b, z, y, t, L), got "q"',
    );
  });
});
