import type { Expr } from "@chainrule/core";
import type { AttributeValue } from "../../model.ts";
import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";
import {
  averagePoolOf,
  averagePoolSpreadOf,
  convolutionInputOf,
  convolutionKernelOf,
  convolutionOf,
  type Geometry,
  geometryOf,
  isFixed,
} from "../lowered/windows.ts";

type AttributeTable = Readonly<Record<string, AttributeValue>>;

const own = (w: GraphWriter, node: Expr, i = 0): string => w.arg(node, i, node.dtype);

/** Where windows lie, in ONNX's words: all widths before, then all after. */
function windowAttributes({ window, stride, padding, dilation }: Geometry): AttributeTable {
  return {
    kernel_shape: window,
    strides: stride,
    dilations: dilation,
    pads: [...padding.map(([before]) => before), ...padding.map(([, after]) => after)],
  };
}

/** ONNX's own op in single precision, for which runtimes have kernels; else matrix products. */
const windowed =
  (single: Rule, lower: (node: Expr) => Expr): Rule =>
  (w, node) => {
    if (node.dtype === "f32") return single(w, node);
    if (isFixed(geometryOf(node))) return w.lower(lower(node));
    return w.refuse(node, "of f64 along a named size");
  };

const convolve: Rule = (w, node) => {
  const geometry = geometryOf(node);
  return w.op("Conv", w.all(node, "f32"), {
    ...windowAttributes(geometry),
    group: geometry.groups,
  });
};

/** The transposed convolution, with so much at the end as the stride left over. */
const convolveInput: Rule = (w, node) => {
  const geometry = geometryOf(node);
  const { input, window, stride, padding, dilation, groups } = geometry;
  const y = node.args[0] as Expr;
  const left = input.map((dim, i) => {
    if (typeof dim !== "number") return 0;
    const [before, after] = padding[i] as readonly [number, number];
    const span = ((window[i] as number) - 1) * (dilation[i] as number) + 1;
    const covered = ((y.shape[i + 2] as number) - 1) * (stride[i] as number) + span;
    return dim - (covered - before - after);
  });
  return w.op("ConvTranspose", w.all(node, "f32"), {
    ...windowAttributes(geometry),
    group: groups,
    output_padding: left,
  });
};

/**
 * The derivative by the kernel is a convolution of x by y in which samples and channels change places,
 * and stride and dilation.
 */
const convolveKernel: Rule = (w, node) => {
  const geometry = geometryOf(node);
  if (geometry.groups !== 1) {
    if (isFixed(geometry)) return w.lower(convolutionKernelOf(node));
    return w.refuse(node, "with groups along a named size");
  }
  const order = node.shape.map((_, i) => (i < 2 ? 1 - i : i));
  const flipped = (i: number): string =>
    w.op("Transpose", [w.arg(node, i, "f32")], { perm: order });
  const { stride, dilation } = geometry;
  // The window is y, whose lengths may be named: the runtime reads them.
  const { kernel_shape: _, ...turned } = windowAttributes({
    ...geometry,
    stride: dilation,
    dilation: stride,
  });
  const made = w.op("Conv", [flipped(0), flipped(1)], turned);
  const axes = geometry.window.map((_, i) => i + 2);
  const starts = w.ints(axes.map(() => 0));
  const cut = w.op("Slice", [made, starts, w.ints(geometry.window), w.ints(axes)]);
  return w.op("Transpose", [cut], { perm: order });
};

/** The largest of each window of the first argument, and where it is in all of its elements. */
function pooled(w: GraphWriter, node: Expr): readonly string[] {
  const x = node.args[0] as Expr;
  const as = x.dtype === "f32" ? "f32" : "f64";
  return w.ops("MaxPool", [w.value(x, as)], 2, windowAttributes(geometryOf(node)));
}

const everything = -1;

/** The elements of v at the places of the largest ones of x. */
const maxPoolSelect: Rule = (w, node) => {
  const [, places] = pooled(w, node) as readonly [string, string];
  const flat = w.op("Reshape", [own(w, node, 1), w.ints([everything])]);
  return w.op("Gather", [flat, places]);
};

/** The elements of y added up at the places of the largest ones of x. */
const maxPoolSpread: Rule = (w, node) => {
  const [, places] = pooled(w, node) as readonly [string, string];
  const flat = (value: string): string => w.op("Reshape", [value, w.ints([everything])]);
  const zeros = flat(w.filled(0, node.dtype, node.shape));
  const sums = w.op("ScatterElements", [zeros, flat(places), flat(own(w, node, 1))], {
    axis: 0,
    reduction: "add",
  });
  return w.op("Reshape", [sums, w.shape(node.shape)]);
};

const averagePool: Rule = (w, node) => {
  const { dilations: _, ...attributes } = windowAttributes(geometryOf(node)) as AttributeTable;
  return w.op("AveragePool", [own(w, node)], {
    ...attributes,
    count_include_pad: geometryOf(node).countPadding ? 1 : 0,
  });
};

/** Convolution and pooling. */
export const windowRules: Rules = {
  averagePool: windowed(averagePool, averagePoolOf),
  averagePoolSpread: (w, node) =>
    isFixed(geometryOf(node))
      ? w.lower(averagePoolSpreadOf(node))
      : w.refuse(node, "along a named size"),
  convolution: windowed(convolve, convolutionOf),
  convolutionInput: windowed(convolveInput, convolutionInputOf),
  convolutionKernel: windowed(convolveKernel, convolutionKernelOf),
  maxPool: (w, node) => {
    const [largest] = w.ops(
      "MaxPool",
      [w.arg(node, 0, node.dtype === "f32" ? "f32" : "f64")],
      1,
      windowAttributes(geometryOf(node)),
    );
    return node.dtype === "f32" || node.dtype === "f64"
      ? (largest as string)
      : w.cast(largest as string, node.dtype);
  },
  maxPoolSelect,
  maxPoolSpread,
};
