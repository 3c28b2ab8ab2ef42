import {
  elementwiseCode,
  fitsLane,
  hostKernelModule,
  hostMath,
  hostMathModule,
  isElementwise,
  type MathLane,
  ModuleBuilder,
  mathLibrary,
} from "@chainrule/compile";
import {
  type Attributes,
  apply,
  type DType,
  type Expr,
  elementwise,
  evaluate,
  named,
  type Op,
  Tensor,
  variable,
} from "@chainrule/core";
import { allOps } from "@chainrule/core/json";
import { describe, expect, it } from "vitest";
import { ulpsBetween } from "../../support/ulps.ts";
import { instantiateIn } from "../support/instantiate.ts";
import { readLane, stepOf, storeLane } from "../support/lanes.ts";

const floats = [
  ...[0, -0, 1, -1, 0.5, -0.5, 1.5, 2, -2, 2.5, -2.5, 3.7, -3.7, 0.1, 7, 20, -20, 40, -745.2, 710],
  ...[0.49999999999999994, 1e-8, -1e-8, 1e-320, 5e-324, 1e300, -1e300, 1e16, 4503599627370497],
  ...[2 ** 31, -(2 ** 31), 2 ** 32 + 5.5, -(2 ** 33) - 1.5, 2 ** 52 + 3, 2 ** 63, 1.7e308],
  ...[Math.PI, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];
const points: Readonly<Record<DType, readonly number[]>> = {
  f64: floats,
  f32: [...floats.map(Math.fround), 2 ** -149, 16777217, 3.4e38].map(Math.fround),
  i32: [0, 1, -1, 2, -3, 7, 65537, 123456789, 2 ** 31 - 1, -(2 ** 31)],
  bool: [0, 1],
};
const dtypes: readonly DType[] = ["f64", "f32", "i32", "bool"];
const lanes: readonly MathLane[] = ["f64", "f64x2", "f32", "f32x4"];

/** Every combination of values of the types, in columns; few enough values to stay quick. */
function columns(types: readonly DType[]): number[][] {
  const step = [1, 1, 1, 3][types.length] as number;
  let rows: number[][] = [[]];
  for (const type of types) {
    const some = points[type].filter((_, i) => i % step === 0 || points[type].length < 12);
    rows = rows.flatMap((row) => some.map((value) => [...row, value]));
  }
  while (rows.length % 4 !== 0) rows.push(rows[0] as number[]);
  return types.map((_, i) => rows.map((row) => row[i] as number));
}

/** The op on the columns, by code for the lane in a loop of a module of its own. */
function compiled(node: Expr, lane: MathLane, given: readonly number[][]): readonly number[] {
  const code = elementwiseCode(node, lane);
  const builder = new ModuleBuilder();
  const hosts = new Map(
    code.hosts.map(({ name, arity }) => {
      const params = Array.from({ length: arity }, () => "f64" as const);
      return [name, builder.importFunction(hostKernelModule, name, params, ["f64"])];
    }),
  );
  const library = mathLibrary(builder, code.math);
  const body = builder.function("run", [], []);
  const count = (given[0] as number[]).length;
  const { bytes, size } = stepOf(lane);
  const at = body.local("i32");
  const end = body.local("i32");
  body.i32(0);
  body.set(at);
  body.i32(count * size);
  body.set(end);
  const type = lane === "f64" || lane === "f32" ? lane : "v128";
  const args = given.map(() => body.local(type));
  body.countedLoop(at, end, bytes, () => {
    args.forEach((local, i) => {
      body.get(at);
      readLane(body, lane, (i + 1) * count * size);
      body.set(local);
    });
    body.get(at);
    const context = {
      body,
      math: library.index,
      host: ({ name }: { name: string }) => hosts.get(name) as number,
    };
    code.emit(context, (argument) => body.get(args[argument] as number));
    storeLane(body, lane, 0);
  });
  const imports = {
    [hostMathModule]: hostMath,
    [hostKernelModule]: Object.fromEntries(code.hosts.map(({ name, call }) => [name, call])),
  };
  const { exports, buffer } = instantiateIn(builder, body.index, imports);
  const memory = size === 8 ? new Float64Array(buffer) : new Float32Array(buffer);
  given.forEach((column, i) => {
    memory.set(column, (i + 1) * count);
  });
  exports();
  return [...memory.subarray(0, count)];
}

function typesOf(arity: number): DType[][] {
  if (arity === 1) return dtypes.map((dtype) => [dtype]);
  if (arity === 2) return dtypes.flatMap((a) => dtypes.map((b) => [a, b]));
  return dtypes.flatMap((c) => dtypes.map((a) => [c, a, a]));
}

function nodeOf(op: Op, types: readonly DType[], attributes: Attributes): Expr | undefined {
  const args = types.map((dtype, i) => variable(`x${i}`, ["n"], dtype));
  try {
    return apply(op, args, attributes);
  } catch {
    // Some ops refuse some types.
    return undefined;
  }
}

function check(op: Op, attributes: Attributes): void {
  const far: string[] = [];
  for (const types of typesOf(op.arity ?? 0)) {
    const node = nodeOf(op, types, attributes);
    if (node === undefined) continue;
    const given = columns(types);
    const bound = Object.fromEntries(
      types.map((dtype, i) => {
        const column = given[i] as number[];
        const data = { f64: Float64Array, f32: Float32Array, i32: Int32Array, bool: Uint8Array };
        return [`x${i}`, new Tensor([column.length], new data[dtype](column), dtype)];
      }),
    );
    const expected = (evaluate(node, bound) as Tensor).data;
    for (const lane of lanes) {
      if (!fitsLane(node, lane)) continue;
      const got = compiled(node, lane, given);
      const allowed = elementwiseCode(node, lane).way === "library" ? 4 : 0;
      const unit = node.dtype === "f32" ? 2 ** 29 : 1;
      got.forEach((value, i) => {
        const wanted = expected[i] as number;
        if (Object.is(value, wanted)) return;
        // Integers hold no −0, and what is stored as one loses it.
        const same = node.dtype === "i32" || allowed > 0;
        if (same && ulpsBetween(value, wanted) <= allowed * unit) return;
        const row = given.map((column) => column[i]);
        far.push(`${types.join()} in ${lane} at ${row.join(", ")}: ${value} for ${wanted}`);
      });
    }
  }
  expect(far.slice(0, 10)).toEqual([]);
}

const cases = allOps
  .filter((op) => op.elementwise !== undefined && op.arity !== undefined)
  .flatMap((op) => {
    const distinct = new Map<string, Attributes>();
    for (const { attributes } of op.examples ?? []) {
      if (attributes !== undefined) distinct.set(JSON.stringify(attributes), attributes);
    }
    return [{}, ...distinct.values()].map(
      (one) => [op.name, JSON.stringify(one), op, one] as const,
    );
  });

describe("elementwise code = kernel, on every lane and element type", () => {
  it.each(cases)("%s %s", (_name, _text, op, attributes) => check(op, attributes));

  it("casts", () => {
    const cast = allOps.find(({ name }) => name === "cast") as Op;
    for (const dtype of dtypes) check(cast, { dtype });
  });

  it("an op of the user's by its lowered form, or by its kernel", () => {
    const spec = {
      name: "cubed",
      domain: [{ low: -2, high: 2 }],
      evaluate: (x: number) => x * x * x,
      partials: [null],
      notation: named("cubed"),
    } as const;
    const byKernel = elementwise(spec);
    const byForm = elementwise({
      ...spec,
      name: "cubedToo",
      lower: ({ args: [x] }) => (x as Expr).mul(x as Expr).mul(x as Expr),
    });
    const x = variable("x", ["n"]);
    expect(elementwiseCode(byKernel(x), "f64x2").way).toBe("host");
    expect(elementwiseCode(byForm(x), "f64x2").way).toBe("instructions");
    check(byKernel.op, {});
    check(byForm.op, {});
  });

  it("takes from the host only what the engine's own functions do", () => {
    const host = allOps.filter((op) => {
      const node = op.arity === undefined ? undefined : nodeOf(op, typesOf(op.arity)[0] ?? [], {});
      return node && isElementwise(node) && elementwiseCode(node, "f64").way === "host";
    });
    expect(host.map(({ name }) => name)).toEqual([]);
  });
});
