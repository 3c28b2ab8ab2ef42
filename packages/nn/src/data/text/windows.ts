import { ArgumentError, Tensor } from "@chainrule/core";
import { checkOptions } from "../../options/index.ts";
import { checkWhole } from "../checks.ts";
import type { Dataset } from "../dataset.ts";

/** Options of `tokenWindows`. */
interface WindowOptions {
  readonly length: number;
  readonly stride?: number;
}

/**
 * Windows of tokens for a language model; the target of each token is the next.
 *
 * A window starts every `stride` tokens, by default where the last ended, so that each token is once a target.
 * Shapes: inputs and targets [windows, length] of type i32.
 * Throws ArgumentError for fewer than length + 1 tokens.
 */
export function tokenWindows(tokens: Int32Array, options: WindowOptions): Dataset {
  checkOptions<WindowOptions>("tokenWindows", options, { length: true, stride: true });
  const { length, stride = length } = options;
  checkWhole("tokenWindows", "length", length, 1);
  checkWhole("tokenWindows", "stride", stride, 1);
  if (tokens.length <= length) {
    throw new ArgumentError(
      `tokenWindows: windows of ${length} must have ${length + 1} tokens or more, got ${tokens.length}`,
    );
  }
  const count = Math.floor((tokens.length - 1 - length) / stride) + 1;
  const inputs = new Int32Array(count * length);
  const targets = new Int32Array(count * length);
  for (let i = 0; i < count; i++) {
    const start = i * stride;
    inputs.set(tokens.subarray(start, start + length), i * length);
    targets.set(tokens.subarray(start + 1, start + length + 1), i * length);
  }
  const shape = [count, length];
  return { inputs: new Tensor(shape, inputs), targets: new Tensor(shape, targets) };
}
