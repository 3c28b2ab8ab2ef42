import { compile } from "@chainrule/compile";
import { matmul, reshape, sum, Tensor, transpose, variable } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { checkParts } from "../../../packages/compile/src/parts.ts";
import { planTensors } from "../../../packages/compile/src/tensor/tensorModule.ts";

const a = variable("a", [3, 4]);
const b = variable("b", [4, 5]);
const product = matmul(a, b);

describe("outputs", () => {
  it("are computed where they are read: nothing is copied", () => {
    const { steps } = planTensors(checkParts({ outputs: { product, rows: sum(a, 1) } }));
    expect(steps.map(({ kind }) => kind).toSorted()).toEqual(["loop", "product"]);
  });

  it("keep memory of their own where several are the same elements", () => {
    const outputs = {
      product,
      again: product,
      flat: reshape(product, [15]),
      turned: transpose(product),
      a,
      total: sum(product),
    };
    const f = compile({ outputs }, { as: "tensors" });
    const values = {
      a: new Tensor(
        [3, 4],
        Float64Array.from({ length: 12 }, (_, i) => i),
      ),
      b: new Tensor(
        [4, 5],
        Float64Array.from({ length: 20 }, (_, i) => i % 3),
      ),
    };
    const got = f(values);
    expect(got["again"]).toEqual(got["product"]);
    expect((got["flat"] as Tensor).data).toEqual((got["product"] as Tensor).data);
    expect(got["a"]).toEqual(values.a);
    // What a caller writes into one view is seen in no other.
    (f.view("product") as Float64Array).fill(7);
    expect(f.get("again")).toEqual(got["again"]);
    expect(f({})["total"]).toBe(got["total"]);
  });
});
