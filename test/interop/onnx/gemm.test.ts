import {
  add,
  type DType,
  type Expr,
  evaluate,
  grad,
  matmul,
  mul,
  Program,
  relu,
  square,
  sub,
  sum,
  transpose,
  type Value,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { exportProgram } from "../../../packages/interop/src/onnx/export/exportProgram.ts";
import { bindingsOf } from "../../support/points.ts";
import { runOnnx } from "./runOnnx.ts";
import { asTensor, expectNear } from "./tensors.ts";

const matrix = (name: string, rows: number, columns: number, dtype: DType = "f64"): Expr =>
  variable(name, [rows, columns], dtype);

/** The operators of the file, in their order. */
function operators(...outputs: readonly Expr[]): readonly string[] {
  const definitions = Object.fromEntries(outputs.map((node, i) => [`y${i}`, node]));
  const { graph } = exportProgram(new Program({ definitions })).model;
  return (graph?.node ?? []).map(({ opType }) => opType);
}

async function expectSame(output: Expr, tolerance: number): Promise<void> {
  const values = bindingsOf([output], 1);
  const wanted = asTensor(evaluate(output, values) as Value, output.dtype);
  const [given] = await runOnnx([output], values);
  expectNear(given as never, wanted, tolerance);
}

describe("C ± s (A B) is one Gemm", () => {
  const tolerances = { f32: 1e-5, f64: 1e-12 } as const;
  for (const dtype of ["f32", "f64"] as const) {
    const c = matrix("c", 2, 3, dtype);
    const plain = matmul(matrix("a", 2, 4, dtype), matrix("b", 4, 3, dtype));
    const first = matmul(transpose(matrix("p", 4, 2, dtype)), matrix("b", 4, 3, dtype));
    const both = matmul(transpose(matrix("p", 4, 2, dtype)), transpose(matrix("q", 3, 4, dtype)));
    it(`with operands as they are or transposed, in ${dtype}`, async () => {
      for (const output of [
        sub(c, mul(0.25, plain)),
        add(c, mul(first, 0.25)),
        sub(c, both),
        add(plain, mul(0.5, first)),
      ]) {
        expect(operators(output).at(-1)).toBe("Gemm");
        expect(operators(output)).not.toContain("Transpose");
        await expectSame(output, tolerances[dtype]);
      }
    });
  }

  it("unless its factor has more digits than an attribute", async () => {
    const [c, a, b] = [matrix("c", 2, 3), matrix("a", 2, 4), matrix("b", 4, 3)];
    const output = sub(c, mul(0.01, matmul(a, b)));
    expect(operators(output)).not.toContain("Gemm");
    await expectSame(output, 1e-12);
    const single = ["c", "a", "b"].map((name, i) =>
      matrix(name, i === 2 ? 4 : 2, i === 1 ? 4 : 3, "f32"),
    ) as [Expr, Expr, Expr];
    const step = sub(single[0], mul(0.01, matmul(single[1], single[2])));
    expect(operators(step)).toEqual(["Gemm"]);
    await expectSame(step, 1e-5);
  });

  it("unless something else reads the product, or it is no matrix of the same shape", async () => {
    const [c, a, b] = [matrix("c", 2, 3), matrix("a", 2, 4), matrix("b", 4, 3)];
    const product = matmul(a, b);
    expect(operators(sub(c, product), relu(product))).not.toContain("Gemm");
    expect(operators(sub(c, product), product)).not.toContain("Gemm");
    for (const output of [
      sub(variable("row", [3]), product),
      sub(variable("stack", [5, 2, 3]), product),
      sub(variable("stack", [5, 2, 3]), matmul(variable("more", [5, 2, 4]), b)),
    ]) {
      expect(operators(output)).not.toContain("Gemm");
      await expectSame(output, 1e-12);
    }
  });
});

describe("a sum over rows", () => {
  it("gives up its axis itself", async () => {
    const [x, w, b] = [matrix("x", 5, 2), matrix("w", 2, 3), variable("b", [3])];
    const slope = grad(sum(square(add(matmul(x, w), b))), b);
    expect(operators(slope).at(-1)).toBe("ReduceSum");
    await expectSame(slope, 1e-12);
  });
});
