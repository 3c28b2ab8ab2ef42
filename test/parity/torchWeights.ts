import { Tensor } from "@chainrule/core";

/** Reads a tensor of PyTorch's module by its name there. */
export type Read = (name: string) => Tensor;

/** Tensors of a model by path, from those of PyTorch's module, or from their gradients. */
export type Convert = (
  read: Read,
  kind: "weights" | "gradients",
) => Readonly<Record<string, Tensor>>;

/** Rows and columns exchanged: PyTorch's weights are [outputs, inputs]. */
export function turned({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as readonly [number, number];
  const out = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j] as number;
  }
  return new Tensor([columns, rows], out);
}

/** Rows `from` … `to − 1`. */
export function rows({ shape, data }: Tensor, from: number, to: number): Tensor {
  const size = data.length / (shape[0] as number);
  return new Tensor([to - from, ...shape.slice(1)], data.slice(from * size, to * size));
}

function joined(a: Tensor, b: Tensor): Tensor {
  const out = a.data.slice().fill(0, 0, 0);
  const data = new (out.constructor as Float64ArrayConstructor)(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return new Tensor([data.length], data);
}

function plus(a: Tensor, b: Tensor): Tensor {
  const data = a.data.slice();
  for (let i = 0; i < data.length; i++) data[i] = (a.data[i] as number) + (b.data[i] as number);
  return new Tensor(a.shape, data);
}

/** The same converter under names with a prefix on either side. */
export function under(path: string, name: string, convert: Convert): Convert {
  return (read, kind) => {
    const own = convert((key) => read(name + key), kind);
    return Object.fromEntries(Object.entries(own).map(([key, value]) => [path + key, value]));
  };
}

/** Several converters as one. */
export function together(...parts: readonly Convert[]): Convert {
  return (read, kind) => Object.assign({}, ...parts.map((part) => part(read, kind)));
}

export const nothing: Convert = () => ({});

export const linear: Convert = (read) => ({
  weight: turned(read("weight")),
  bias: read("bias"),
});

export const linearWithoutBias: Convert = (read) => ({ weight: turned(read("weight")) });

/** Kernels lie as PyTorch's. */
export const kernel: Convert = (read) => ({ weight: read("weight"), bias: read("bias") });

export const kernelWithoutBias: Convert = (read) => ({ weight: read("weight") });

export const table: Convert = kernelWithoutBias;

export const norm: Convert = (read) => ({ scale: read("weight"), shift: read("bias") });

/** PyTorch keeps two biases, of which only the sum matters: either has the sum's gradient. */
export const recurrent: Convert = (read, kind) => {
  const [first, second] = [read("bias_ih_l0"), read("bias_hh_l0")];
  return {
    weight: turned(read("weight_ih_l0")),
    recurrentWeight: turned(read("weight_hh_l0")),
    bias: kind === "weights" ? plus(first, second) : first,
  };
};

/** A cell forward, and another backward. */
export const bothWays: Convert = (read, kind) => {
  const under = (way: string, suffix: string) =>
    Object.entries(recurrent((key) => read(key + suffix), kind)).map(([key, value]) => [
      `${way}.${key}`,
      value,
    ]);
  return Object.fromEntries([...under("forward", ""), ...under("backward", "_reverse")]);
};

/** Of the last third of a GRU's biases both matter, since r comes between. */
export const gru: Convert = (read, kind) => {
  const { bias, ...weights } = recurrent(read, kind);
  const units = (bias as Tensor).data.length / 3;
  const last = rows(read("bias_ih_l0"), 2 * units, 3 * units);
  return {
    ...weights,
    bias: joined(rows(bias as Tensor, 0, 2 * units), last),
    recurrentBias: rows(read("bias_hh_l0"), 2 * units, 3 * units),
  };
};

/** Queries, keys and values lie below each other in PyTorch. */
export const attention: Convert = (read) => {
  const [weight, bias] = [read("in_proj_weight"), read("in_proj_bias")];
  const size = (bias.shape[0] as number) / 3;
  const part = (i: number, name: string) => ({
    [`${name}.weight`]: turned(rows(weight, i * size, (i + 1) * size)),
    [`${name}.bias`]: rows(bias, i * size, (i + 1) * size),
  });
  return {
    ...part(0, "query"),
    ...part(1, "key"),
    ...part(2, "value"),
    "output.weight": turned(read("out_proj.weight")),
    "output.bias": read("out_proj.bias"),
  };
};

/** Blocks one after another, and a norm. */
export function stack(depth: number, part: Convert): Convert {
  const blocks = Array.from({ length: depth }, (_, i) =>
    under(i === 0 ? "block." : `block${i + 1}.`, `layers.${i}.`, part),
  );
  return together(...blocks, under("layerNorm.", "norm.", norm));
}

export const decoderBlock: Convert = together(
  under("attention.", "self_attn.", attention),
  under("crossAttention.", "multihead_attn.", attention),
  under("hidden.", "linear1.", linear),
  under("feedForward.", "linear2.", linear),
  under("layerNorm.", "norm1.", norm),
  under("layerNorm2.", "norm2.", norm),
  under("layerNorm3.", "norm3.", norm),
);

export const block: Convert = together(
  under("attention.", "self_attn.", attention),
  under("hidden.", "linear1.", linear),
  under("feedForward.", "linear2.", linear),
  under("layerNorm.", "norm1.", norm),
  under("layerNorm2.", "norm2.", norm),
);
