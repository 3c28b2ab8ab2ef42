import { type Expr, evaluate, slice, type Tensor, type Value, variable } from "@chainrule/core";
import {
  bidirectional,
  build,
  dense,
  gruCell,
  type Layer,
  layer,
  lstmCell,
  Registry,
  recurrent,
  rnnCell,
  sequential,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { checkLayer } from "./checkLayer.ts";

const plain = rnnCell(1, { weight: 1, recurrentWeight: 0.5, bias: 0.25, activation: (z) => z });
const time = variable("s", [1, 4, 1]);
const values = [[[1], [2], [3], [4]]];

function outputOf(recipe: Layer<never>): unknown {
  const model = build(recipe as never, time, { registry: new Registry(1) });
  const bindings = new Map<Expr, never>([[time, values as never]]);
  for (const { node, initial } of model.kept.values()) bindings.set(node, initial() as never);
  return (evaluate(model.output as Expr, bindings) as Tensor).toArray();
}

describe("recurrent layers", () => {
  it("begin with states that are given, and give those after the last step", () => {
    const half = (x: Expr, from: number): Expr => slice(x, 1, from, from + 2);
    const whole = outputOf(recurrent(plain));
    const parted = layer("parted", (x: Expr, scope) => {
      const cell = scope.use(recurrent(plain, { returns: "states" }));
      const first = cell(half(x, 0));
      return cell({ input: half(x, 2), state: first["state"] as Expr }).output;
    });
    expect(outputOf(parted)).toEqual([(whole as Value[][])[0]?.slice(2)]);
  });

  it("name the states of an LSTM, and refuse others", () => {
    const on = (states: Record<string, Expr>) =>
      build(recurrent(lstmCell(2)), { input: time, ...states } as never, {
        registry: new Registry(1),
      });
    const state = variable("h", [1, 2]);
    expect(() => on({ state, cell: state })).not.toThrow();
    expect(() => on({ memory: state })).toThrow(
      "lstm: a state must be one of state, cell, got memory",
    );
    expect(() => on({ state: variable("h", [1, 3]) })).toThrow(
      "lstm: state must have shape [1, 2], got [1, 3]",
    );
    expect(() => on({ state: variable("h", [1, 2], "f32") })).toThrow(
      "lstm: state must be of the input's type f64, got f32",
    );
  });

  it("refuse states without a sequence, and what they cannot return", () => {
    const alone = { state: variable("h", [1, 2]) } as never;
    expect(() => build(recurrent(lstmCell(2)), alone, { registry: new Registry(1) })).toThrow(
      "lstm: the sequence must be given as input beside the states, got an object {state}",
    );
    expect(() => recurrent(plain, { returns: "all" as never })).toThrow(
      'rnn: returns must be "sequence", "last" or "states", got "all"',
    );
    expect(() => recurrent(plain, { reverse: "yes" as never })).toThrow(
      'rnn: reverse must be a boolean, got "yes"',
    );
    expect(() => recurrent(plain, { checkpoint: "none" as never })).toThrow(
      'rnn: checkpoint must be "sqrt" or left out, got "none"',
    );
  });

  it("want a cell, and a sequence", () => {
    for (const [got, wrong] of [
      ["undefined", undefined],
      ["an object {name, build, settings}", dense(3)],
    ] as const) {
      const message = `the first argument must be a cell, such as lstmCell(8), got ${got}`;
      expect(() => recurrent(wrong as never)).toThrow(`recurrent: ${message}`);
      expect(() => bidirectional(wrong as never)).toThrow(`bidirectional: ${message}`);
    }
    const nothing = layer("nothing", (_: Expr, scope) =>
      scope.use(recurrent(plain))({ state: time } as never),
    );
    expect(() => build(nothing, time, { registry: new Registry(1) })).toThrow(
      "rnn: the sequence must be given as input beside the states, got an object {state}",
    );
  });

  it("begin with zeros for a state that bears the name of every object's method", () => {
    const own = recurrent({ ...plain, stateNames: ["toString"] });
    const given = layer("given", (input: Expr, scope) => scope.use(own)({ input }));
    expect(outputOf(given)).toEqual(outputOf(recurrent(plain)));
  });

  it("hand no states to a layer that takes one expression", () => {
    const chain = sequential(recurrent(plain, { returns: "states" }) as never, dense(3));
    expect(() => build(chain, time, { registry: new Registry(1) })).toThrow(
      "dense: the input must be one expression, got an object {output, state}",
    );
  });

  it("want a name of its own for each state of a cell", () => {
    for (const stateNames of [["output"], ["state", "more"], []]) {
      expect(() => recurrent({ ...plain, stateNames })).toThrow(
        `rnn: stateNames must be 1 different names other than input and output, got ${stateNames.join(", ")}`,
      );
    }
  });

  it("go both ways with weights of their own", () => {
    expect(outputOf(bidirectional(plain))).toEqual([
      [
        [1.25, 3.71875],
        [2.875, 4.9375],
        [4.6875, 5.375],
        [6.59375, 4.25],
      ],
    ]);
    expect(outputOf(bidirectional(plain, { returns: "last" }))).toEqual([[6.59375, 3.71875]]);
    expect(() => bidirectional(plain, { returns: "states" } as never)).toThrow(
      'bidirectional: returns must be "sequence" or "last", got "states"',
    );
    const { kept } = build(bidirectional(gruCell(2)), time, { registry: new Registry(1) });
    expect([...kept.keys()].filter((path) => path.endsWith(".weight"))).toEqual([
      "forward.weight",
      "backward.weight",
    ]);
  });

  it("have right gradients both ways and from states", () => {
    for (const cell of [rnnCell(2), lstmCell(2), gruCell(2)]) {
      checkLayer(bidirectional(cell), { shape: ["batch", 3, 2], sizes: { batch: 2 } });
      const onwards = layer("onwards", (x: Expr, scope) => {
        const run = scope.use(recurrent(cell, { returns: "states" }));
        const { output, ...states } = run(x);
        return run({ input: output, ...states }).output;
      });
      checkLayer(onwards, { shape: [2, 3, 2] });
    }
  });
});
