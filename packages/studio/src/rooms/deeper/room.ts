import { type Expr, Program, pick, sum, variable } from "@chainrule/core";
import type { Exported, Room } from "../room.ts";
import { attentionGraph } from "./attention/attention.ts";
import type { ConvolutionState } from "./convolution/convolutionState.ts";
import { patchOf } from "./convolution/featureMap.ts";
import { inkOf } from "./convolution/strokes.ts";
import { type DeeperState, initial, readDeeper } from "./deeperState.ts";
import { ganGraph } from "./gan/ganGraph.ts";
import { unroll } from "./recurrent/unrolled.ts";
import { View } from "./View.tsx";

/** Convolution, recurrence, attention, a game: networks beyond layers of neurons. */
export const deeper: Room<DeeperState> = { initial, read: readDeeper, View, exported };

/** The part that is shown as formulas with numbers; a game is what both players make of a point as it begins. */
function exported({ part, convolution, recurrent, attention, gan }: DeeperState): Exported {
  switch (part) {
    case "convolution": {
      const { program, values } = sumGraph(convolution);
      return { name: "convolution", expr: program.result, program, values, wrt: "kernel" };
    }
    case "recurrent": {
      const { inputs, steps } = recurrent;
      const { program, values } = unroll({ ...recurrent, inputs: inputs.slice(0, steps) });
      return { name: "unrolled", expr: program.result, program, values, wrt: "u" };
    }
    case "attention": {
      const { program, values } = attentionGraph(attention);
      const { q, k, v, a, out } = program.definitions as Readonly<Record<string, Expr>>;
      const first = pick(pick(out as Expr, 0, attention.selected), 0, 0);
      const definitions = { q, k, v, a, out, first } as Readonly<Record<string, Expr>>;
      const shown = new Program({ definitions });
      return { name: "attention", expr: first, program: shown, values, wrt: "W_V" };
    }
    case "gan": {
      const { program, values } = ganGraph(gan);
      return { name: "game", expr: program.result, program, values, wrt: "noise" };
    }
  }
}

/** One place of the feature map: the sum of the products under the kernel. */
function sumGraph({ drawing, shift, kernel, row, column }: ConvolutionState) {
  const products = variable("patch", [3, 3]).mul(variable("kernel", [3, 3]));
  const program = new Program({ definitions: { products, map: sum(products) } });
  const patch = patchOf(inkOf(drawing, shift), 3, row, column);
  const values = {
    patch: patch.map((one) => [...one]),
    kernel: [0, 3, 6].map((at) => kernel.slice(at, at + 3)),
  };
  return { program, values };
}
