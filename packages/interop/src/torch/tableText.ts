import type { Tensor } from "@chainrule/core";
import { listText, numberText, torchType, tupleText } from "./literals.ts";

const INDENT = "    ";

/** A table of constants as a line of Python. */
export function tableText(name: string, { data, shape, dtype }: Tensor): string {
  const numbers = Array.from(data, (value) => numberText(value, dtype));
  const wrapped = wrap(numbers);
  const flat = shape.length === 1;
  const reshaped = flat ? "" : `.reshape(${tupleText(shape)})`;
  return `${name} = torch.tensor(${wrapped}, dtype=${torchType(dtype)})${reshaped}`;
}

/** A list in lines of at most 100 columns. */
function wrap(items: readonly string[]): string {
  const whole = listText(items);
  if (whole.length <= 60) return whole;
  const lines: string[] = [];
  let line = INDENT;
  for (const item of items) {
    if (line.length + item.length + 2 > 100) {
      lines.push(line.trimEnd());
      line = INDENT;
    }
    line += `${item}, `;
  }
  lines.push(line.trimEnd());
  return `[\n${lines.join("\n")}\n]`;
}
