import { type Nested, Tensor, variable } from "@chainrule/core";
import { build, Registry } from "@chainrule/nn";
import { lossOf, network } from "../../training/network.ts";
import { pointSet } from "../../training/pointSet.ts";
import type { Exported } from "../room.ts";
import { type PlaygroundState, settingsOf } from "./playgroundState.ts";

/** Larger networks make graphs that nobody reads. */
const MOST_LAYERS = 3;

/** The loss of the first point as a formula of the weights: those where training paused, else the first ones. */
export function exported(state: PlaygroundState): Exported | undefined {
  const settings = { ...settingsOf(state), dropout: 0 };
  if (settings.layers.length > MOST_LAYERS) return undefined;
  const set = setOf(settings);
  if (set === undefined) return undefined;
  const { training, classes } = set;
  const registry = new Registry(settings.seed);
  const { output, kept } = build(network(settings, classes), variable("point", [1, 2]), {
    registry,
  });
  const { loss } = lossOf(classes);
  const { shape, dtype } = loss.targetType?.(output) ?? output;
  const target = variable("target", shape, dtype);
  const first = training.targets.data[0] ?? 0;
  const values: Record<string, Nested> = {
    point: [Array.from(training.inputs.data.subarray(0, 2))],
    target: shape.length === 1 ? [first] : [[first]],
  };
  const given = state.weights[0];
  let start = 0;
  for (const { path, node, initial } of kept.values()) {
    const own = initial();
    const data =
      given === undefined ? own : Float64Array.from(given.slice(start, start + own.length));
    start += own.length;
    values[path] = new Tensor(node.shape as readonly number[], data).toArray();
  }
  return { name: "playground", expr: loss(output, target), values, wrt: "output.weight" };
}

/** One's own points may be none yet. */
function setOf(settings: ReturnType<typeof settingsOf>) {
  try {
    return pointSet(settings);
  } catch {
    return undefined;
  }
}
