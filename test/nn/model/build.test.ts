import { add, type Expr, evaluate, relu, tanh, variable } from "@chainrule/core";
import {
  build,
  dense,
  type LayerLike,
  layer,
  modelProgram,
  named,
  Registry,
  residual,
  sequential,
  tap,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";

const x = variable("x", ["batch", 2]);

function built(recipe: LayerLike, seed: number | undefined = 1) {
  const registry = new Registry(seed);
  return { registry, model: build(recipe, x, { registry }) };
}

function initial(registry: Registry, path: string): number[] {
  return Array.from(registry.kept.get(path)?.initial() ?? []);
}

describe("build", () => {
  it("infers input sizes and names parameters by path", () => {
    const { model } = built(sequential(dense(8), tanh, dense(1)));
    const shapes = [...model.kept.values()].map(({ path, shape }) => `${path} ${shape.join("×")}`);
    expect(shapes).toEqual([
      "dense.weight 2×8",
      "dense.bias 8",
      "dense2.weight 8×1",
      "dense2.bias 1",
    ]);
    expect(model.output.shape).toEqual(["batch", 1]);
  });

  it("draws values by path: a layer more leaves the others unchanged", () => {
    const { registry: before } = built(sequential(dense(8), tanh, dense(8)));
    const { registry: after } = built(
      sequential(dense(8), residual(named("inner", dense(8))), tanh, dense(8), dense(3)),
    );
    for (const path of ["dense.weight", "dense2.weight"]) {
      expect(initial(after, path)).toEqual(initial(before, path));
      expect(initial(after, path).length).toBeGreaterThan(0);
    }
    expect(initial(built(dense(8), 2).registry, "weight")).not.toEqual(
      initial(built(dense(8), 3).registry, "weight"),
    );
  });

  it("computes what the layers say", () => {
    const weight = [
      [1, 2],
      [3, 4],
    ];
    const { registry, model } = built(dense(2, relu, { weight, bias: [0, -20] }), undefined);
    const values = new Map([...model.kept.values()].map(({ node, initial }) => [node, initial()]));
    const bindings = new Map<Expr, Float64Array | number[][]>(values as Map<Expr, Float64Array>);
    bindings.set(x, [[1, 2]]);
    expect(evaluate(model.output, bindings).toString()).toBe("f64[1, 2] [7, 0]");
    expect(registry.kept.size).toBe(2);
  });

  it("shares parameters between the graphs of one registry, and between calls of one use", () => {
    const twice = layer("twice", (input: Expr, scope) => {
      const inner = scope.use(dense(2));
      return inner(inner(input));
    });
    const registry = new Registry(1);
    const training = build(twice, x, { registry, training: true });
    const prediction = build(twice, x, { registry });
    expect([...registry.kept.keys()]).toEqual(["dense.weight", "dense.bias"]);
    expect(training.output).toBe(prediction.output);
  });

  it("takes one's own layer as one function, whose scope needs no types", () => {
    const own = layer("Residual", (input: Expr, scope) =>
      add(input, scope.use(dense(2, relu))(input)),
    );
    const { model } = built(sequential(own, own));
    expect([...model.kept.keys()]).toEqual([
      "Residual.dense.weight",
      "Residual.dense.bias",
      "Residual2.dense.weight",
      "Residual2.dense.bias",
    ]);
  });

  it("records the layer every node was built under, innermost first come", () => {
    const { model } = built(sequential(dense(3, tanh), residual(dense(3))));
    const { scopes } = modelProgram(model);
    const program = modelProgram(model);
    expect(program.result).toBe(model.output);
    expect(scopes.get(model.output)).toEqual(["residual"]);
    const [first, second] = model.output.args as readonly [Expr, Expr];
    expect(first.op.name).toBe("tanh");
    expect(scopes.get(first)).toEqual(["dense"]);
    expect(scopes.get(second)).toEqual(["residual", "dense"]);
    const weight = model.kept.get("residual.dense.weight")?.node as Expr;
    expect(scopes.get(weight)).toEqual(["residual", "dense"]);
    expect(scopes.has(x)).toBe(false);
  });

  it("reads any intermediate by a tap", () => {
    const { model } = built(
      sequential(dense(3), tap("sums"), (input) => tap("bent", tanh(input)), dense(1)),
    );
    const { definitions } = modelProgram(model);
    expect(Object.keys(definitions)).toEqual(["sums", "bent", "output"]);
    expect(definitions["bent"]?.args[0]).toBe(definitions["sums"]);
  });

  it("takes and gives several expressions", () => {
    const split = layer("split", ([a, b]: readonly [Expr, Expr], scope) => ({
      sum: scope.use(dense(3))(a).add(b),
      product: a.matmul(scope.parameter("p", [2, 1], 1)),
    }));
    const b = variable("b", ["batch", 3]);
    const model = build(split, [x, b] as const, { registry: new Registry(1) });
    expect(model.output.sum.shape).toEqual(["batch", 3]);
    expect(Object.keys(modelProgram(model).definitions)).toEqual(["sum", "product"]);
  });

  it("keeps state apart from parameters, and updates it in training only", () => {
    const counter = layer("counter", (input: Expr, scope) => {
      const seen = scope.state("seen", [], 0);
      seen.update(seen.value.add(1));
      return input;
    });
    const registry = new Registry(undefined);
    const training = build(counter, x, { registry, training: true });
    const [state] = [...training.updates.keys()];
    expect(state).toBe(registry.kept.get("seen")?.node);
    expect(build(counter, x, { registry }).updates.size).toBe(0);
  });

  it("gives every random draw a key of its own", () => {
    const keys: Expr[] = [];
    const draws = layer("draws", (input: Expr, scope) => {
      keys.push(scope.randomKey(), scope.randomKey());
      return input;
    });
    const model = build(sequential(draws, draws), x, { registry: new Registry(1) });
    expect(new Set(keys).size).toBe(4);
    expect(model.key?.shape).toEqual([2]);
  });

  it("builds parameters of the type of the input", () => {
    const model = build(dense(1), variable("x", ["n", 2], "f32"), { registry: new Registry(1) });
    expect(model.kept.get("weight")?.dtype).toBe("f32");
    expect(model.output.dtype).toBe("f32");
  });
});

describe("a model built wrongly says what to do", () => {
  it.each<[string, () => unknown, string]>([
    [
      "unknown size",
      () => built(sequential((input) => input.transpose(), dense(3))),
      "dense: the last axis of the input must have a known length, got [2, batch]\n  in layer dense on an input of shape [2, batch]",
    ],
    [
      "named size of a parameter",
      () => built(layer("own", (input, scope) => input.add(scope.parameter("p", ["batch"], 0)))),
      "p: the sizes of a parameter must be numbers, got [batch]; only the batch may be named",
    ],
    ["no layer", () => sequential(), "sequential: there must be a layer, got none"],
    ["no function", () => layer("x", 3 as never), "layer: x must be given a function"],
    [
      "bad name",
      () => layer("a.b", (input) => input),
      'layer: a name must begin with a letter and hold letters, digits, - and _, got "a.b"',
    ],
    [
      "no layer but a number",
      () => sequential(3 as never),
      "sequential: a layer must come from layer() or be a function (x) => output, got 3",
    ],
    [
      "half a unit",
      () => dense(1.5),
      "dense: the number of outputs must be a whole number ≥ 1, got 1.5",
    ],
    [
      "an output that is none",
      () => built(layer("own", () => 3 as never)),
      "own: must be given or give expressions, got 3",
    ],
    [
      "one name for two",
      () =>
        built(
          layer("own", (input, scope) => {
            scope.parameter("p", [2], 0);
            return input.add(scope.parameter("p", [1], 0));
          }),
        ),
      "p: one name must stand for one parameter f64[2], got parameter f64[1]",
    ],
    [
      "two values of one tap",
      () =>
        built(
          sequential(
            (input) => tap("a", tanh(input)),
            (input) => tap("a", relu(input)),
          ),
        ),
      "tap: one name must stand for one value",
    ],
    [
      "tap outside",
      () => tap("a", x),
      "tap: must be called while a model is built, got a call outside",
    ],
  ])("%s", (_name, make, message) => {
    expect(make).toThrow(message);
  });

  it("missing seed", () => {
    const registry = new Registry(undefined);
    build(dense(3), x, { registry });
    expect(() => registry.kept.get("weight")?.initial()).toThrow(
      "weight: a seed must be given, since its initial value is drawn at random, got none; write { seed: 1 }",
    );
  });

  it("states replaced twice or by another shape", () => {
    const state = (times: number, size: number) =>
      layer("own", (input: Expr, scope) => {
        const kept = scope.state("s", [2], 0);
        for (let i = 0; i < times; i++) kept.update(variable("next", [size]));
        return input;
      });
    const training = (recipe: ReturnType<typeof state>) => () =>
      build(sequential(recipe), x, { registry: new Registry(1), training: true });
    expect(training(state(2, 2))).toThrow("own.s: a state must be replaced once a step");
    expect(training(state(1, 3))).toThrow("own.s: a state must be replaced by f64[2], got f64[3]");
  });
});
