import {
  ArgumentError,
  add,
  allocate,
  type DType,
  describe,
  Expr,
  equal,
  formatShape,
  isFloat,
  mul,
  parameter,
  sum,
  type TypedArray,
  where,
} from "@chainrule/core";
import { foldIn } from "@chainrule/core/random";
import type { Flow, Kept, Model } from "../model/index.ts";
import { type Optimizer, rateAt } from "../optimizers/index.ts";
import { random } from "../random/index.ts";
import { type HostInput, hostInputs } from "../schedules/index.ts";
import type { TrainerOptions } from "./options.ts";

/** A value that steps of training replace, or that the host sets between them. */
export interface Held {
  /** Its name in the program and in checkpoints. */
  readonly name: string;
  readonly node: Expr;
  readonly initial: () => TypedArray;
}

/** A number in the program that the host drives, such as the factor of a plateau. */
export interface Host {
  readonly name: string;
  readonly host: HostInput;
}

/** A parameter that is trained, and how. */
export interface Trained {
  readonly kept: Kept;
  readonly loss: Expr;
  readonly gradient: Expr;
}

/** Names in a step's program that are no parameter's. */
export const names = {
  target: "target",
  step: "step",
  host: "host",
  randomness: "randomness",
  finite: "finite",
  metric: "metric ",
} as const;

/** What a step replaces, and what it holds for that. */
export interface StepUpdates {
  readonly updates: ReadonlyMap<Expr, Expr>;
  readonly held: readonly Held[];
  readonly hosts: readonly Host[];
  readonly finite: Expr;
}

/**
 * What replaces every state: nothing changes in a step whose loss, new parameters or new running statistics are not
 * finite.
 *
 * Throws ArgumentError for an optimizer whose update has another shape than what it replaces.
 */
export function stepUpdates(
  model: Model<Flow, Flow>,
  trained: readonly Trained[],
  { optimizer, seed = 0 }: TrainerOptions<Flow>,
  loss: Expr,
): StepUpdates {
  const held: Held[] = [];
  const next = new Map<Expr, Expr>();
  const hold = (name: string, shape: readonly number[], dtype: DType, initial: number): Expr => {
    const node = parameter(name, shape, dtype);
    const count = shape.reduce((product, size) => product * size, 1);
    held.push({ name, node, initial: () => filled(dtype, count, initial) });
    return node;
  };
  for (const { path, node, initial } of model.kept.values()) {
    held.push({ name: path, node, initial });
  }
  const step = hold(names.step, [], "f64", 0);
  next.set(step, add(step, 1));
  for (const { kept, gradient } of trained) {
    const { node, path, dtype, shape } = kept;
    const slots = Object.fromEntries(
      Object.entries(optimizer.slots(node)).map(([name, slot]) => {
        const sizes = (slot.shape ?? shape) as readonly number[];
        return [name, hold(`${optimizer.name} ${name} ${path}`, sizes, dtype, slot.initial)];
      }),
    );
    const rate = rateAt(optimizer, step, dtype);
    const update = optimizer.update({ parameter: node, gradient, slots, step, rate });
    next.set(node, replacing(optimizer, path, node, update.next));
    for (const [name, slot] of Object.entries(slots)) {
      next.set(slot, replacing(optimizer, `the slot ${name} of ${path}`, slot, update.slots[name]));
    }
  }
  for (const [state, value] of model.updates) next.set(state, value);
  const finite = isFiniteStep(
    loss,
    [...trained.map(({ kept }) => kept.node), ...model.updates.keys()],
    next,
  );
  const updates = new Map<Expr, Expr>();
  for (const [state, value] of next) {
    if (value !== state) updates.set(state, where(finite, value, state));
  }
  if (model.key !== undefined) {
    const words = random(seed, "steps").state;
    held.push({
      name: names.randomness,
      node: model.key,
      initial: () => Int32Array.from(words.slice(0, 2)),
    });
    updates.set(model.key, foldIn(model.key, RESERVED));
  }
  const hosts = (optimizer.hosts ?? hostInputs(optimizer.rate)).map((host, i) => ({
    name: `${names.host} ${i + 1}`,
    host: host.fresh(),
  }));
  for (const { name, host } of hosts) {
    held.push({ name, node: host.input, initial: () => Float64Array.of(host.value()) });
  }
  return { updates, held, hosts, finite };
}

function filled(dtype: DType, count: number, value: number): TypedArray {
  return allocate(dtype, count).fill(value);
}

/** A number that no draw of a model folds into its key: they count from 0. */
const RESERVED = -1;

/** What an optimizer gives for a parameter or a slot, of its shape and type: another would be broadcast. */
function replacing({ name }: Optimizer, what: string, state: Expr, given: Expr | undefined): Expr {
  const { dtype, shape } = state;
  const fits = given instanceof Expr && given.dtype === dtype && `${given.shape}` === `${shape}`;
  if (fits) return given;
  const got = given instanceof Expr ? given.dtype + formatShape(given.shape) : describe(given);
  throw new ArgumentError(
    `${name}: an update must give ${dtype}${formatShape(shape)} for ${what}, got ${got}`,
  );
}

/** `0 · x` is 0 for every finite x, and NaN for all others. */
function isFiniteStep(loss: Expr, states: readonly Expr[], next: ReadonlyMap<Expr, Expr>): Expr {
  const floats = states.filter(({ dtype }) => isFloat(dtype));
  const zeros = floats.map((state) => sum(mul(next.get(state) as Expr, 0)));
  return equal(
    zeros.reduce((total, one) => add(total, one), mul(loss, 0)),
    0,
  );
}
