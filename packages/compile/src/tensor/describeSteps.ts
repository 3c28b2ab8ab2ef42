import { formatShape } from "@chainrule/core";
import type { LoopStep, Step } from "./step.ts";
import { stepsInside } from "./step.ts";

/** The steps in words, what is inside loops indented. */
export function describeSteps(steps: readonly Step[]): string[] {
  const out: string[] = [];
  const open: { readonly step: Step; readonly depth: number }[] = [];
  const add = (list: readonly Step[], depth: number): void => {
    for (const step of list.toReversed()) open.push({ step, depth });
  };
  add(steps, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { step, depth } = next;
    out.push(`${"  ".repeat(depth)}${describeStep(step)}`);
    for (const inside of stepsInside(step).toReversed()) add(inside, depth + 1);
  }
  return out;
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "loop":
      return describeLoop(step);
    case "kernel":
      return `kernel ${step.node.op.name} ${formatShape(step.node.shape)}`;
    case "product": {
      const [a, b] = step.node.args;
      const shapes = `${formatShape(a?.shape ?? [])} ${formatShape(b?.shape ?? [])}`;
      return `product ${step.node.dtype} ${shapes}`;
    }
    case "host":
      return `interpreter ${step.node.op.name}`;
    case "repeat":
      return `repeat ${step.node.op.name}`;
    case "choose":
      return "choose";
    case "clear":
      return `clear value ${step.buffer}`;
    case "copy":
      return `copy value ${step.from} to value ${step.to}`;
  }
}

function describeLoop({ space, type, values, reads, stores, reductions }: LoopStep): string {
  const ops = values.map(({ node }) => node.op.name).join(" ");
  const combined = reductions.map(({ combine, axes }) => `${combine} over ${axes.join(",")}`);
  const parts = [ops, ...combined].filter((part) => part !== "");
  const memory = `${reads.length} read, ${stores.length} written`;
  return `loop ${type} ${formatShape(space)}: ${parts.length === 0 ? "copy" : parts.join("; ")}; ${memory}`;
}
