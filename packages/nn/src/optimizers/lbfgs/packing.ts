import { ArgumentError, allocate, type Expr, nameOf, ShapeError, Tensor } from "@chainrule/core";

/** Several tensors as one list of numbers, and back. */
export interface Packing {
  readonly size: number;
  readonly pack: (values: readonly Tensor[]) => Float64Array;
  readonly unpack: (flat: Float64Array) => Tensor[];
}

/** The packing of parameters, in their order. Throws ShapeError for a named size. */
export function packing(parameters: readonly Expr[]): Packing {
  const shapes = parameters.map(({ shape }) => shape as readonly number[]);
  const sizes = parameters.map((parameter) => {
    let size = 1;
    for (const dim of parameter.shape) {
      if (typeof dim === "string") {
        throw new ShapeError(
          `packing: a parameter must have a known size, got "${dim}" in ${nameOf(parameter) ?? parameter.toString()}`,
        );
      }
      size *= dim;
    }
    return size;
  });
  const size = sizes.reduce((a, b) => a + b, 0);
  return {
    size,
    pack: (values) => {
      const flat = new Float64Array(size);
      let from = 0;
      for (const [i, count] of sizes.entries()) {
        const data = values[i]?.data;
        if (data?.length !== count) {
          throw new ArgumentError(
            `packing: value ${i} must have ${count} elements, got ${data?.length ?? "none"}`,
          );
        }
        flat.set(data, from);
        from += count;
      }
      return flat;
    },
    unpack: (flat) => {
      let from = 0;
      return parameters.map(({ dtype }, i) => {
        const count = sizes[i] as number;
        const data = allocate(dtype, count);
        data.set(flat.subarray(from, from + count));
        from += count;
        return new Tensor(shapes[i] as readonly number[], data, dtype);
      });
    },
  };
}
