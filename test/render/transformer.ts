import {
  add,
  concat,
  div,
  type Expr,
  grad,
  matmul,
  mean,
  mul,
  Program,
  parameter,
  relu,
  softmax,
  sqrt,
  square,
  sub,
  transpose,
  variable,
} from "@chainrule/core";

/** Sizes of a transformer. */
export interface TransformerSizes {
  readonly blocks: number;
  readonly heads: number;
  /** Features of a word; each head sees as many divided by the heads. */
  readonly width: number;
  readonly words: number;
}

/** The nodes of a transformer under the modules that they were made in. */
class Modules {
  readonly scopes: Map<Expr, readonly string[]> = new Map();
  readonly parameters: Expr[] = [];

  /** Puts a node under a module, and all below it that are in none yet. */
  within(path: readonly string[], output: Expr): Expr {
    const waiting = [output];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node.args.length === 0 || this.scopes.has(node)) continue;
      this.scopes.set(node, path);
      waiting.push(...node.args);
    }
    return output;
  }

  parameter(path: readonly string[], name: string, shape: readonly number[]): Expr {
    const made = parameter([...path, name].join("."), shape);
    this.parameters.push(made);
    this.scopes.set(made, path);
    return made;
  }
}

/**
 * A transformer with its squared error, and all gradients: blocks of attention by heads of their own
 * and a feed-forward network, each with layer norm and a connection around it (Vaswani et al. 2017,
 * normalised first as usual since). Forward and backward nodes stand under the module of their parameters.
 */
export function transformer({ blocks, heads, width, words }: TransformerSizes): Program {
  const modules = new Modules();
  const small = width / heads;
  const norm = (path: readonly string[], x: Expr): Expr => {
    const centred = sub(x, mean(x, 1, { keepDims: true }));
    const deviation = sqrt(add(mean(square(centred), 1, { keepDims: true }), 1e-5));
    const gain = modules.parameter(path, "gain", [width]);
    return add(mul(div(centred, deviation), gain), modules.parameter(path, "bias", [width]));
  };
  const attend = (path: readonly string[], x: Expr): Expr => {
    const outputs = Array.from({ length: heads }, (_, head) => {
      const own = [...path, `head${head + 1}`];
      const project = (letter: string): Expr =>
        matmul(x, modules.parameter(own, letter, [width, small]));
      const scores = mul(matmul(project("Q"), transpose(project("K"))), 1 / Math.sqrt(small));
      return modules.within(own, matmul(softmax(scores), project("V")));
    });
    return matmul(concat(outputs, 1), modules.parameter(path, "O", [width, width]));
  };
  const feed = (path: readonly string[], x: Expr): Expr => {
    const inner = matmul(x, modules.parameter(path, "W1", [width, 4 * width]));
    const hidden = relu(add(inner, modules.parameter(path, "b1", [4 * width])));
    const outer = matmul(hidden, modules.parameter(path, "W2", [4 * width, width]));
    return add(outer, modules.parameter(path, "b2", [width]));
  };
  let x: Expr = variable("X", [words, width]);
  for (let block = 1; block <= blocks; block++) {
    for (const [part, build] of [
      ["attention", attend],
      ["feedForward", feed],
    ] as const) {
      const path = [`block${block}`, part];
      const inner = [...path, "norm"];
      const normed = modules.within(inner, norm(inner, x));
      x = modules.within(path, add(x, build(path, normed)));
    }
  }
  const output = modules.within(["norm"], norm(["norm"], x));
  const loss = mean(square(sub(output, variable("T", [words, width]))));
  const gradients = grad(loss, modules.parameters) as readonly Expr[];
  const definitions: Record<string, Expr> = {};
  // The last blocks come first on the way back.
  for (let i = gradients.length - 1; i >= 0; i--) {
    const name = (modules.parameters[i] as Expr).attributes["name"] as string;
    const [block = ""] = name.split(".");
    modules.within(["backward", block], gradients[i] as Expr);
    definitions[`d ${name}`] = gradients[i] as Expr;
  }
  return new Program({
    definitions: { ...definitions, loss },
    result: loss,
    scopes: modules.scopes,
  });
}
