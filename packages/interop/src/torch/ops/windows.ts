import type { Dim, Expr } from "@chainrule/core";
import { listText, tupleText } from "../literals.ts";
import type { Rule, Translation } from "../translate.ts";

interface Windows {
  readonly input: readonly Dim[];
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
  readonly groups?: number;
  readonly countPadding?: boolean;
}

const windowsOf = ({ attributes }: Translation): Windows => attributes as never;

const own = (t: Translation, i: number): string => t.arg(i, { as: t.node.dtype, tensor: true });
const plain = (t: Translation, i: number): string => t.arg(i, { tensor: true });

/** What `F.pad` takes: the last axis first. */
function padding(t: Translation): string {
  return listText(windowsOf(t).padding.toReversed().flat());
}

function pooled(t: Translation): readonly string[] {
  const { window, stride, dilation } = windowsOf(t);
  return [tupleText(window), tupleText(stride), padding(t), tupleText(dilation)];
}

function convolved(t: Translation): readonly string[] {
  const { stride, dilation, groups = 1 } = windowsOf(t);
  return [tupleText(stride), padding(t), tupleText(dilation), String(groups)];
}

/** The lengths of the input along its spatial axes. */
function spatial(t: Translation): string {
  return tupleText(windowsOf(t).input.map((dim) => t.size(dim)));
}

const counted = (t: Translation): string => (windowsOf(t).countPadding === true ? "True" : "False");

/** Convolutions and pooling: padding is made beforehand, so that it may differ on both sides. */
export const windowRules: Readonly<Record<string, Rule>> = {
  averagePool: (t) => t.helper("average_pool", own(t, 0), ...pooled(t), counted(t)),
  averagePoolSpread: (t) =>
    t.helper("average_pool_spread", own(t, 0), spatial(t), ...pooled(t), counted(t)),
  convolution: (t) => t.helper("convolution", own(t, 0), own(t, 1), ...convolved(t)),
  convolutionInput: (t) =>
    t.helper("convolution_input", own(t, 0), own(t, 1), spatial(t), ...convolved(t)),
  convolutionKernel: (t) => {
    const shape = tupleText(t.node.shape.map((dim) => t.size(dim)));
    return t.helper("convolution_kernel", own(t, 0), own(t, 1), shape, ...convolved(t));
  },
  maxPool: (t) => {
    const { dtype } = t.node.args[0] as Expr;
    const pool = t.helper(
      "max_pool",
      dtype === "i32" ? `${plain(t, 0)}.double()` : plain(t, 0),
      ...pooled(t),
    );
    return dtype === "i32" ? `${pool}.to(torch.int32)` : pool;
  },
  maxPoolSelect: (t) => t.helper("max_pool_select", plain(t, 0), plain(t, 1), ...pooled(t)),
  maxPoolSpread: (t) => t.helper("max_pool_spread", plain(t, 0), plain(t, 1), ...pooled(t)),
};
