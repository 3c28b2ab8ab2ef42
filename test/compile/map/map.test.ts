import { hostMath, hostMathModule, ModuleBuilder, mathLibrary } from "@chainrule/compile";
import {
  add,
  allocate,
  apply,
  argument,
  cast,
  constant,
  cos,
  type DType,
  type Expr,
  evaluate,
  exp,
  grad,
  greater,
  Lambda,
  log,
  matmul,
  mul,
  type Op,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  substitute,
  sum,
  Tensor,
  tanh,
  topological,
  variable,
  where,
} from "@chainrule/core";
import { map } from "@chainrule/core/control";
import { allOps } from "@chainrule/core/json";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapKernel } from "../../../packages/compile/src/map/mapKernel.ts";
import { fixedValue, lengthOf } from "../../../packages/compile/src/plan/size.ts";
import { randomProgram } from "../../support/randomProgram.ts";
import { ulpsBetween } from "../../support/ulps.ts";
import { instantiateIn } from "../support/instantiate.ts";

/** The node of the map that a result is read from. */
function mapNode(result: Expr): Expr {
  return result.args[0] as Expr;
}

const item = allOps.find(({ name }) => name === "item") as Op;

function dot(a: Expr, b: Expr): Expr {
  return sum(mul(a, b));
}

const stores = { f64: Float64Array, f32: Float32Array, i32: Int32Array, bool: Uint8Array };

/** The results of a map on given arguments, by its kernel in a module of its own. */
function compiled(
  node: Expr,
  args: readonly Tensor[],
  sizes: ReadonlyMap<string, number> = new Map(),
): Tensor[] {
  expect(mapKernel.takes?.(node)).toBe(true);
  const builder = new ModuleBuilder();
  const library = mathLibrary(builder, mapKernel.math?.(node) ?? []);
  const body = builder.function("step", [], []);
  let top = 64;
  const reserve = (bytes: number): number => {
    const at = top;
    top += Math.ceil(bytes / 64) * 64 + 64;
    return at;
  };
  const types = node.op.items?.(node.args, node.attributes) ?? [];
  const count = (shape: Expr["shape"]): number[] =>
    shape.map((dim) => (typeof dim === "number" ? dim : (sizes.get(dim) as number)));
  const inputs = args.map(({ data }) => reserve(data.byteLength));
  const results = types.map(({ shape, dtype }) => {
    const shapes = count(shape);
    const data = allocate(
      dtype,
      shapes.reduce((a, b) => a * b, 1),
    );
    return { at: reserve(data.byteLength), shapes, dtype, length: data.length };
  });
  const scratch = (mapKernel.scratch?.(node) ?? []).map((size) =>
    reserve(fixedValue(size) as number),
  );
  const made = new Map<string, number>();
  const pusher = (at: number) => () => body.i32(at);
  mapKernel.emit(node, {
    builder,
    body,
    input: (i) => pusher(inputs[i] as number),
    output: (i = 0) => pusher(results[i]?.at as number),
    scratch: (i) => pusher(scratch[i] as number),
    size: (size) => pusher(lengthOf(size, sizes)),
    math: library.index,
    shared(key, make) {
      const known = made.get(key) ?? make();
      made.set(key, known);
      return known;
    },
  });
  const { exports, buffer } = instantiateIn(builder, body.index, { [hostMathModule]: hostMath });
  args.forEach(({ data, dtype }, i) => {
    new stores[dtype](buffer, inputs[i], data.length).set(data);
  });
  exports();
  return results.map(({ at, shapes, dtype, length }) => {
    const data = new stores[dtype](buffer, at, length);
    return new Tensor(shapes, data.slice(), dtype);
  });
}

/** Elements within some units of the last place; NaN and infinities the same. */
function agree(got: readonly Tensor[], wanted: readonly Tensor[], allowed: number): void {
  wanted.forEach(({ data, dtype }, i) => {
    const unit = dtype === "f32" ? 2 ** 29 : 1;
    data.forEach((value, k) => {
      const own = got[i]?.data[k] as number;
      const near = Math.abs(own - value) <= 1e-300 || ulpsBetween(own, value) <= allowed * unit;
      expect(near, `result ${i}, element ${k}: ${own} for ${value}`).toBe(true);
    });
  });
}

function tensor(shape: readonly number[], dtype: DType = "f64", seed = 1): Tensor {
  const length = shape.reduce((a, b) => a * b, 1);
  const data = allocate(dtype, length);
  for (let i = 0; i < length; i++) {
    const value = 2 * Math.sin(7.3 * (i + seed));
    data[i] =
      dtype === "bool" ? Number(value > 0) : dtype === "i32" ? Math.round(9 * value) : value;
  }
  return new Tensor(shape, data, dtype);
}

/** An argument of a map, which may be computed from what is the same for all rows. */
function givenFor(arg: Expr, bound: ReadonlyMap<Expr, Tensor>, count: number): Tensor {
  const value = bound.get(arg) ?? evaluate(arg, bound as never, { sizes: { n: count } });
  if (value instanceof Tensor) return value;
  return new Tensor([], new stores[arg.dtype]([value as number]), arg.dtype);
}

/** Compares the kernel with the interpreter for several numbers of rows. */
function check(
  make: (count: number | "n") => { results: Expr[]; args: Expr[] },
  allowed = 8,
  counts: readonly number[] = [0, 1, 2, 3, 4, 7, 8],
): void {
  for (const count of counts) {
    for (const size of [count, "n" as const]) {
      const { results, args } = make(size);
      const node = mapNode(results[0] as Expr);
      const order = node.args;
      const given = args.map(({ shape, dtype }, i) =>
        tensor(
          shape.map((dim) => (typeof dim === "number" ? dim : count)),
          dtype,
          i + 1,
        ),
      );
      const bound = new Map(args.map((arg, i) => [arg, given[i] as Tensor]));
      const own = compiled(
        node,
        order.map((arg) => givenFor(arg, bound, count)),
        new Map([["n", count]]),
      );
      const values = evaluate(results, bound as never, { sizes: { n: count } }) as Tensor[];
      const items = results.map(({ attributes }) => own[attributes["index"] as number] as Tensor);
      agree(items, values, allowed);
    }
  }
}

describe("the kernel of map", () => {
  it("runs scalar functions of rows", () => {
    check((n) => {
      const x = variable("x", [n]);
      const y = variable("y", [n]);
      const z = map(([a, b]) => mul(tanh(add(a, b)), exp(mul(0.5, a))), [x, y]);
      return { results: [z as Expr], args: [x, y] };
    });
  });

  it("reads vectors and matrices of each row, and what is the same for all", () => {
    check((n) => {
      const x = variable("x", [n, 3]);
      const w = variable("w", [n]);
      const A = variable("A", [3, 3]);
      const s = variable("s", []);
      const [y, t, whole] = map(
        ([row, weight]) => {
          const moved = matmul(A, row as Expr);
          return [
            sin(moved),
            mul(weight as Expr, dot(moved, moved)),
            mul(exp(s), sqrt(square(sum(A)))),
          ];
        },
        [x, w],
      ) as unknown as Expr[];
      return { results: [y, t, whole] as Expr[], args: [x, w, A, s] };
    });
  });

  it("computes in single precision, four rows at once", () => {
    check((n) => {
      const x = variable("x", [n, 2], "f32");
      const b = variable("b", [2], "f32");
      const y = map((row: Expr) => tanh(mul(row, b)), x);
      return { results: [y as Expr], args: [x, b] };
    });
  });

  it("mixes element types", () => {
    check((n) => {
      const x = variable("x", [n], "f32");
      const k = variable("k", [n], "i32");
      const flag = variable("flag", [n], "bool");
      const base = variable("base", [2], "i32");
      const on = variable("on", [], "bool");
      const results = map(
        ([a, i, c]) => [
          where(c as Expr, add(a as Expr, i as Expr), mul(a as Expr, cast(on, "f32"))),
          mul(i as Expr, sum(base)),
          greater(a as Expr, 0),
          add(cast(a as Expr, "f64"), cast(c as Expr, "f64")),
        ],
        [x, k, flag],
      ) as unknown as Expr[];
      return { results, args: [x, k, flag, base, on] };
    }, 0);
  });

  it("gives arguments, numbers and shared values as results", () => {
    check((n) => {
      const x = variable("x", [n, 2]);
      const s = variable("s", []);
      const results = map(
        (row: Expr) => [row, constant([1, 2.5]), s, square(s), constant(1, "bool")],
        x,
      ) as unknown as Expr[];
      return { results, args: [x, s] };
    }, 0);
  });

  it("runs the derivative of a map", () => {
    check((n) => {
      const x = variable("x", [n, 2]);
      const w = variable("w", [2]);
      const y = map((row: Expr) => sigmoid(dot(row, w)), x) as Expr;
      const [slope] = grad(sum(mul(y, log(add(1, square(y))))), [x]);
      // The reverse map on arguments that are given.
      const maps = topological([slope as Expr]).nodes.filter(({ op }) => op === map.op);
      const reverse = maps.at(-1) as Expr;
      const args = reverse.args.map(({ shape, dtype }, i) => variable(`v${i}`, shape, dtype));
      const node = apply(reverse.op, args, reverse.attributes);
      return { results: [apply(item, [node], { index: 0 })], args };
    });
  });

  it("cuts long bodies into functions, with slots between them; computes once what rows share", () => {
    const a = argument(0);
    const s = argument(1);
    let value: Expr = a;
    let still: Expr = s;
    const kept: Expr[] = [];
    for (let i = 0; i < 2100; i++) {
      value = sub(mul(0.9, value), mul(0.3, a));
      still = sub(mul(0.8, still), 0.1);
      if (i % 300 === 0) kept.push(value, still);
    }
    const total = kept.reduce((sum, one) => add(sum, one), value);
    const type = { shape: [], dtype: "f64" } as const;
    const body = new Lambda([type, type], [total, still]);
    check(
      (n) => {
        const args = [variable("x", [n]), variable("s", [])];
        const node = apply(map.op, args, { body, mapped: 1, size: n });
        return { results: [0, 1].map((index) => apply(item, [node], { index })), args };
      },
      0,
      [3],
    );
  });

  it("rows do not depend on their number", () => {
    const x = variable("x", ["n"]);
    const y = map((a: Expr) => cos(exp(a)), x) as Expr;
    const all = tensor([9]);
    const run = (rows: Float64Array): number[] => {
      const sizes = new Map([["n", rows.length]]);
      return [
        ...(compiled(mapNode(y), [new Tensor([rows.length], rows)], sizes)[0] as Tensor).data,
      ];
    };
    const together = run(all.data as Float64Array);
    const alone = Array.from(all.data, (value) => run(Float64Array.of(value))[0]);
    expect(together).toEqual(alone);
  });

  it("random scalar functions", () => {
    fc.assert(
      fc.property(randomProgram({ moves: [], size: 8 }), ({ output, inputs, values }) => {
        const rows = 5;
        const xs = inputs.map((_, i) => variable(`row${i}`, [rows]));
        const y = map((row) => {
          const by = new Map(inputs.map((input, i) => [input, (row as Expr[])[i] as Expr]));
          return substitute([output], by)[0] as Expr;
        }, xs) as Expr;
        const given = inputs.map((input) => {
          const value = values.get(input) as number;
          return new Tensor(
            [rows],
            Float64Array.from({ length: rows }, () => value),
          );
        });
        const bound = new Map(xs.map((x, i) => [x, given[i] as Tensor]));
        const node = mapNode(y);
        const own = compiled(
          node,
          node.args.map((arg) => bound.get(arg) as Tensor),
        );
        const wanted = evaluate(y, bound as never) as Tensor;
        wanted.data.forEach((value, k) => {
          const got = own[0]?.data[k] as number;
          if (Object.is(got, value)) return;
          const size = Math.max(1, Math.abs(value));
          expect(Math.abs(got - value), `${got} for ${value}`).toBeLessThanOrEqual(1e-8 * size);
        });
      }),
      { numRuns: 300 },
    );
  });
});
