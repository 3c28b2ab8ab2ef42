import { argument, type Expr, type Lambda, rewrite, topological, withArgs } from "@chainrule/core";
import {
  cond,
  condAttributes,
  map,
  mapAttributes,
  scan,
  scanAttributes,
  whileAttributes,
  whileLoop,
} from "@chainrule/core/control";
import { elementBytes } from "../plan/elementBytes.ts";
import { fixed, type Size, sizeOf, times } from "../plan/size.ts";
import { mergeLoops } from "./mergeLoops.ts";
import type { Scheduler } from "./schedule.ts";
import type { MovingWindow, RepeatStep } from "./step.ts";
import { scheduleUpdates } from "./updates.ts";
import { isMemory, type View, wholeView } from "./view.ts";

/** Whether a node holds sub-graphs that the schedule runs as loops or branches. */
export function isControl({ op }: Expr): boolean {
  return op === scan.op || op === map.op || op === whileLoop.op || op === cond.op;
}

/** Schedules a loop or a choice; gives the views of its results, and which step they may be read after. */
export function scheduleControl(scheduler: Scheduler, node: Expr): readonly View[] {
  if (node.op === cond.op) return scheduleChoice(scheduler, node);
  return scheduleLoop(scheduler, node, loopOf(node));
}

/** What scans, maps and while-loops have in common. */
interface Loop {
  readonly body: Lambda;
  readonly condition: Lambda | undefined;
  readonly carries: number;
  readonly slices: number;
  readonly length: Expr["shape"][number] | undefined;
  readonly reverse: boolean;
  /** Position of the argument that says how many rounds are made. */
  readonly bound: number | undefined;
}

function loopOf({ op, attributes }: Expr): Loop {
  if (op === scan.op) {
    const { body, carries, slices, length, reverse, bounded } = scanAttributes(attributes);
    const bound = bounded ? body.inputs.length : undefined;
    return { body, condition: undefined, carries, slices, length, reverse, bound };
  }
  const plain = { reverse: false, bound: undefined };
  if (op === map.op) {
    const { body, mapped, size } = mapAttributes(attributes);
    return { ...plain, body, condition: undefined, carries: 0, slices: mapped, length: size };
  }
  const { condition, body, carries, maxTrips } = whileAttributes(attributes);
  return { ...plain, body, condition, carries, slices: 0, length: maxTrips };
}

function scheduleLoop(outer: Scheduler, node: Expr, loop: Loop): readonly View[] {
  const { buffers } = outer;
  const { body, condition, carries, slices, length } = loop;
  const types = node.op.items?.(node.args, node.attributes) ?? [];
  const isRead = outer.readItems(node);
  const states = body.inputs.slice(0, carries).map((type, i) => {
    const buffer = buffers.add(type);
    outer.storeIn(node.args[i] as Expr, wholeView(buffer, type));
    return buffer;
  });
  const windows: MovingWindow[] = [];
  const moving = (view: View): View => {
    const bytes = times(fixed(elementBytes[view.dtype]), view.strides[0] as Size);
    const window = buffers.window();
    windows.push({ window, view, step: bytes });
    return {
      source: { kind: "window", window },
      dtype: view.dtype,
      shape: view.shape.slice(1),
      strides: view.strides.slice(1),
      offset: [],
    };
  };
  const given = body.inputs.map((type, i): View => {
    if (i < carries) return wholeView(states[i] as number, type);
    const arg = node.args[i] as Expr;
    if (i >= carries + slices) return outer.viewOf(arg);
    const view = outer.viewOf(arg);
    if (view.source.kind === "literal") {
      return { ...view, shape: type.shape, strides: view.strides.slice(1) };
    }
    return moving(isMemory(view) ? view : outer.contiguous(arg));
  });
  const varies = (index: number): boolean => index < carries + slices;
  const outputs = outer.lowered(body.outputs);
  const holds = condition === undefined ? [] : outer.lowered(condition.outputs);
  const still = hoist(outer, [...outputs, ...holds], varies, node.args);
  // Results of every round, and the states before it where somebody reads them.
  const rest = node.op === whileLoop.op ? 1 : 0;
  const rows = body.outputs.length - carries;
  const results: View[] = states.map((buffer, i) => wholeView(buffer, types[i] as Expr));
  const count = rest === 1 ? buffers.add({ shape: [], dtype: "i32" }) : undefined;
  if (count !== undefined) results.push(wholeView(count, { shape: [], dtype: "i32" }));
  const stacked = types.slice(carries + rest).map((type, i) => {
    const read = i < rows || isRead(carries + rest + i);
    const buffer = buffers.add(read ? type : { shape: [], dtype: type.dtype });
    const whole = wholeView(buffer, read ? type : { shape: [], dtype: type.dtype });
    results.push(whole);
    if (!read) return undefined;
    if (loop.bound !== undefined || condition !== undefined) {
      outer.steps.push({ kind: "clear", buffer, bytes: buffers.bytes(buffer) });
    }
    return moving(whole);
  });
  const histories = states.flatMap((state, i) => {
    const source = stacked[rows + i]?.source;
    return source?.kind === "window"
      ? [{ window: source.window, state, bytes: buffers.bytes(state) }]
      : [];
  });
  const bound =
    loop.bound === undefined ? undefined : outer.contiguous(node.args[loop.bound] as Expr);
  const from = buffers.count;
  const round = outer.nested(outputs);
  addAll(round, outputs, given, still);
  stacked.slice(0, rows).forEach((view, i) => {
    if (view !== undefined) round.storeIn(outputs[carries + i] as Expr, view);
  });
  scheduleUpdates(
    round,
    states.map((buffer, i) => ({ buffer, next: outputs[i] as Expr })),
  );
  if (outer.fuses) mergeLoops(round.steps, (buffer) => buffer >= from);
  let before: RepeatStep["condition"];
  if (condition !== undefined) {
    const test = outer.nested(holds);
    addAll(test, holds, given, still);
    const view = test.contiguous(holds[0] as Expr);
    before = { steps: test.steps, holds: view };
  }
  outer.steps.push({
    kind: "repeat",
    node,
    length: length === undefined ? undefined : sizeOf(length),
    bound,
    condition: before,
    reverse: loop.reverse,
    windows,
    histories,
    body: round.steps,
    count,
    lasting: [...states, ...stackedBuffers(results)],
    local: [from, buffers.count],
  });
  return results;
}

function stackedBuffers(views: readonly View[]): number[] {
  return views.flatMap(({ source }) => (source.kind === "buffer" ? [source.buffer] : []));
}

/** Nodes that a body need not compute. */
interface Still {
  /** Where those it uses can be read. */
  readonly views: ReadonlyMap<Expr, View>;
  /** Those behind them. */
  readonly inside: ReadonlySet<Expr>;
}

/** Schedules a body on what its inputs are. */
function addAll(
  scheduler: Scheduler,
  outputs: readonly Expr[],
  given: readonly View[],
  { views, inside }: Still,
): void {
  for (const [node, view] of views) scheduler.bind(node, view);
  for (const node of topological(outputs).nodes) {
    if (node.op === argument.op) {
      scheduler.bind(node, given[node.attributes["index"] as number] as View);
    } else if (!inside.has(node)) scheduler.add(node);
  }
}

/** Views of what is the same in every round, computed before the first. */
function hoist(
  outer: Scheduler,
  outputs: readonly Expr[],
  varies: (index: number) => boolean,
  args: readonly Expr[],
): Still {
  const moved = new Map<Expr, Expr>();
  const changing = new Set<Expr>();
  const wanted = new Set<Expr>(outputs);
  const { nodes } = topological(outputs);
  for (const inner of nodes) {
    const own = inner.op === argument.op && varies(inner.attributes["index"] as number);
    if (own || inner.args.some((arg) => changing.has(arg))) changing.add(inner);
  }
  for (const inner of nodes) if (changing.has(inner)) for (const arg of inner.args) wanted.add(arg);
  const constant = nodes.filter((inner) => !changing.has(inner) && inner.args.length > 0);
  // A node with several results is read by items: these are moved, not it.
  const single = constant.filter((inner) => wanted.has(inner) && inner.op.items === undefined);
  const inlined = rewrite(single, (inner, given) =>
    inner.op === argument.op
      ? (args[inner.attributes["index"] as number] as Expr)
      : withArgs(inner, given),
  );
  single.forEach((inner, i) => {
    moved.set(inner, inlined[i] as Expr);
  });
  for (const inner of topological(inlined).nodes) outer.add(inner);
  const views = new Map([...moved].map(([inner, made]) => [inner, outer.viewOf(made)]));
  const inside = constant.filter((inner) => !views.has(inner));
  return { views, inside: new Set(inside) };
}

function scheduleChoice(outer: Scheduler, node: Expr): readonly View[] {
  const { buffers } = outer;
  const { consequent, alternative } = condAttributes(node.attributes);
  const [predicate, ...args] = node.args as readonly [Expr, ...Expr[]];
  const results = consequent.outputs.map((type) => wholeView(buffers.add(type), type));
  const given = args.map((arg) => outer.viewOf(arg));
  const branch = ({ outputs: own }: Lambda): Scheduler["steps"] => {
    const outputs = outer.lowered(own);
    const inner = outer.nested(outputs);
    addAll(inner, outputs, given, { views: new Map(), inside: new Set() });
    outputs.forEach((output, i) => {
      inner.storeIn(output, results[i] as View);
    });
    return inner.steps;
  };
  const yes = branch(consequent);
  const no = branch(alternative);
  outer.steps.push({
    kind: "choose",
    node,
    predicate: outer.contiguous(predicate),
    consequent: yes,
    alternative: no,
  });
  return results;
}
