import { constant, evaluate, type Nested, Tensor } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("Tensor", () => {
  it("knows its element type by its storage", () => {
    expect(new Tensor([1], Float64Array.of(1)).dtype).toBe("f64");
    expect(new Tensor([1], Float32Array.of(1)).dtype).toBe("f32");
    expect(new Tensor([1], Int32Array.of(1)).dtype).toBe("i32");
    expect(new Tensor([1], Uint8Array.of(1)).dtype).toBe("bool");
  });

  it("gives nested arrays, one level an axis, whatever is empty", () => {
    const nested = (shape: readonly number[]): Nested => {
      const count = shape.reduce((a, b) => a * b, 1);
      return new Tensor(
        shape,
        Float64Array.from({ length: count }, (_, i) => i),
      ).toArray();
    };
    expect(nested([])).toBe(0);
    expect(nested([3])).toEqual([0, 1, 2]);
    expect(nested([2, 2])).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(nested([2, 1, 2])).toEqual([[[0, 1]], [[2, 3]]]);
    expect(nested([0])).toEqual([]);
    expect(nested([2, 0])).toEqual([[], []]);
  });

  it("returns from nested arrays what went in", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, (shape) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const tensor = new Tensor(
          shape,
          Float64Array.from({ length: count }, (_, i) => i / 3),
        );
        const back = evaluate(constant(tensor.toArray())) as Tensor;
        expect(back.shape).toEqual(shape);
        expect(back.data).toEqual(tensor.data);
      }),
    );
  });

  it("holds as many elements as its shape says", () => {
    expect(() => new Tensor([2, 3], new Float64Array(5))).toThrow(
      "Tensor: shape [2, 3] must hold 5 elements, got 6",
    );
  });
});

describe("constant", () => {
  it("keeps its own elements", () => {
    const data = Float64Array.of(1, 2);
    const c = constant(new Tensor([2], data));
    data[0] = 9;
    expect((evaluate(c) as Tensor).toArray()).toEqual([1, 2]);
  });

  it("is one node for equal content; −0 and NaN are told apart", () => {
    expect(constant([1, 2])).toBe(constant([1, 2]));
    expect(constant([1, 2])).not.toBe(constant([[1, 2]]));
    expect(constant([1, 2], "f32")).not.toBe(constant([1, 2]));
    expect(constant([0])).not.toBe(constant([-0]));
    expect(constant(Number.NaN)).toBe(constant(Number.NaN));
    expect(constant(0)).not.toBe(constant(-0));
  });

  it("refuses what holds no numbers", () => {
    expect(() => constant(["a"] as never)).toThrow('constant: elements must be numbers, got "a"');
    expect(() => constant([[1], [2, 3]])).toThrow(
      "constant: rows must have equal lengths, got an array of 2 beside an array of 1",
    );
    expect(() => constant([[1], 2])).toThrow(/^constant: rows must have equal lengths, got 2/);
  });
});
