import { type Dim, type Expr, formatShape } from "@chainrule/core";
import type { PlannedStep } from "../executable/compiledModule.ts";
import { elementBytes } from "../plan/elementBytes.ts";
import { countOf, fixed, formatSize, type Size, sizeOf, times } from "../plan/size.ts";
import type { LoopStep, Step } from "./step.ts";
import { stepsInside } from "./step.ts";
import { isMemory, type View } from "./view.ts";

/** The steps in words and counts; what is inside loops follows them. */
export function describeSteps(steps: readonly Step[]): PlannedStep[] {
  const out: PlannedStep[] = [];
  const open: { readonly step: Step; readonly depth: number }[] = [];
  const add = (list: readonly Step[], depth: number): void => {
    for (const step of list.toReversed()) open.push({ step, depth });
  };
  add(steps, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { step, depth } = next;
    const [operations, bytes] = [operationsOf(step), bytesTouched(step)];
    out.push({ text: describeStep(step), depth, operations, bytes });
    for (const inside of stepsInside(step).toReversed()) add(inside, depth + 1);
  }
  return out;
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "loop":
      return describeLoop(step);
    case "rows":
      return `rows ${formatSize(step.rows)}, ${step.block} at a time`;
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

/** Arithmetic operations of a step itself, where they are known. */
function operationsOf(step: Step): Size | undefined {
  switch (step.kind) {
    case "loop":
      return times(fixed(step.values.length + step.reductions.length), countOf(step.space));
    case "product": {
      const { node } = step;
      const terms = sizeOf((node.args[0] as Expr).shape.at(-1) as Dim);
      return times(fixed(2), times(terms, countOf(node.shape)));
    }
    case "kernel":
      return step.kernel.operations?.(step.node);
    case "host":
    case "rows":
    case "repeat":
    case "choose":
      return undefined;
    case "clear":
    case "copy":
      return fixed(0);
  }
}

/** Bytes of the elements that a step itself reads and writes. */
function bytesTouched(step: Step): Size[] {
  switch (step.kind) {
    case "loop": {
      const { space, reads, stores, reductions } = step;
      return [
        ...reads.flatMap(bytesRead),
        ...stores.map(({ view }) => bytesIn(view.shape, view)),
        ...reductions.map((one) => {
          const stays = space.filter((_, axis) => !one.axes.includes(axis));
          return bytesIn(stays, one);
        }),
      ];
    }
    case "kernel":
    case "host": {
      const { op, args, attributes } = step.node;
      const results = op.items?.(args, attributes) ?? [step.node];
      return [...step.args.flatMap(bytesRead), ...results.map((one) => bytesIn(one.shape, one))];
    }
    case "product": {
      const { node, summed, args } = step;
      const shape = summed ? node.shape.slice(-2) : node.shape;
      return [...args.flatMap(bytesRead), bytesIn(shape, node)];
    }
    case "rows":
    case "repeat":
    case "choose":
      return [];
    case "clear":
      return [step.bytes];
    case "copy":
      return [step.bytes, step.bytes];
  }
}

function bytesRead(view: View): Size[] {
  if (!isMemory(view)) return [];
  const moving = view.shape.filter((_, axis) => view.strides[axis]?.factor !== 0);
  return [bytesIn(moving, view)];
}

function bytesIn(shape: View["shape"], { dtype }: Pick<View, "dtype">): Size {
  return times(fixed(elementBytes[dtype]), countOf(shape));
}
