import { ArgumentError, Tensor } from "@chainrule/core";
import type { Dataset, Epoch, Measured, Trainer } from "@chainrule/nn";
import { checkSettings } from "./checkSettings.ts";
import { accuracyOf, type Decisions, decisions } from "./decisions.ts";
import type { Frame, Measure, Place, SessionFacts } from "./frame.ts";
import { look } from "./look.ts";
import { memberTrainer } from "./network.ts";
import { type PointSet, pointSet } from "./pointSet.ts";
import { Recorder } from "./Recorder.ts";
import type { OwnPoint, TrainingSettings } from "./trainingSettings.ts";

/** Where to go on: the weights of each member, and the epochs made. */
export interface SessionStart {
  readonly weights: readonly (readonly number[])[];
  readonly epoch: number;
}

/** What is looked at. */
export interface FrameOptions {
  /** The member whose network and measures are shown; the first unless given. */
  readonly member?: number;
  /** Whether the inside of the network is wanted, which takes longer. */
  readonly detail?: boolean;
}

/** A member of the committee; most sessions have one. */
interface Member {
  readonly trainer: Trainer;
  readonly epochs: AsyncGenerator<Epoch, void, undefined>;
  stopped: string | undefined;
}

/**
 * A network, or a committee of several, in training: the same settings and epochs give the same bits.
 *
 * Throws ArgumentError for settings that cannot be trained, before anything is built.
 */
export class TrainingSession {
  readonly settings: TrainingSettings;
  readonly facts: SessionFacts;
  readonly #points: PointSet;
  readonly #members: readonly Member[];
  readonly #decisions: Decisions;
  readonly #recorder = new Recorder();
  #examples = 0;

  constructor(settings: TrainingSettings, start?: SessionStart) {
    checkSettings(settings);
    this.settings = settings;
    this.#points = pointSet(settings);
    const { training, validation, classes } = this.#points;
    this.#members = Array.from({ length: settings.members }, (_, member) =>
      begun(settings, this.#points, member, start),
    );
    const trainers = this.#members.map(({ trainer }) => trainer);
    this.#decisions = decisions(trainers, classes, training);
    this.facts = {
      training: listed(training),
      validation: listed(validation),
      classes,
      depth: this.#decisions.depth,
      places: placesOf(trainers[0] as Trainer),
    };
  }

  /** Epochs that the first member has made. */
  get epoch(): number {
    return this.#trainer(0).epoch;
  }

  /** Why no member trains on, if none does. */
  get stopped(): string | undefined {
    const open = this.#members.some(({ stopped }) => stopped === undefined);
    return open ? undefined : this.#members[0]?.stopped;
  }

  /** Trains every member that has not stopped for one epoch. */
  async epochOnce(): Promise<void> {
    for (const [i, member] of this.#members.entries()) {
      if (member.stopped !== undefined) continue;
      const measured = await epochOf(member);
      if (measured === undefined) continue;
      this.#examples += this.facts.training.length;
      if (i === 0) this.#observe(measured);
    }
  }

  /** Trains whole epochs until so many milliseconds have gone, at least one. */
  async trainFor(milliseconds: number, now: () => number = () => performance.now()): Promise<void> {
    const end = now() + milliseconds;
    do await this.epochOnce();
    while (this.stopped === undefined && now() < end);
  }

  /** What there is to see; with detail, of the network of one member. */
  frame({ member = 0, detail = false }: FrameOptions = {}): Frame {
    const { training, validation, classes } = this.#points;
    const t = this.#trainer(member);
    const several = this.#members.length > 1 && classes > 0;
    return {
      epoch: this.epoch,
      examples: this.#examples,
      training: measure(t.evaluate(training)),
      validation: measure(t.evaluate(validation)),
      committee: several
        ? {
            training: accuracyOf(this.#decisions.decide(training.inputs), training),
            validation: accuracyOf(this.#decisions.decide(validation.inputs), validation),
          }
        : undefined,
      field: this.#decisions.field(),
      detail: detail
        ? {
            ...look(t, this.settings, training),
            weights: this.weights(member),
            moments: this.#recorder.moments,
          }
        : undefined,
      stopped: this.stopped,
    };
  }

  /** All weights of a member, in the order of `facts.places`. */
  weights(member = 0): readonly number[] {
    const t = this.#trainer(member);
    return this.facts.places.flatMap(({ path }) => Array.from(t.get(path).data));
  }

  /** Where another session can go on. */
  start(): SessionStart {
    return { weights: this.#members.map((_, i) => this.weights(i)), epoch: this.epoch };
  }

  /** Sets one weight by its number among all. Throws ArgumentError where there is none, or for what is no number. */
  setWeight(member: number, index: number, value: number): void {
    const place = this.facts.places.findLast(({ start }) => start <= index);
    const t = this.#trainer(member);
    const held = place === undefined ? undefined : t.get(place.path);
    const at = index - (place?.start ?? 0);
    if (place === undefined || held === undefined || !(at < held.data.length)) {
      throw new ArgumentError(`playground: a weight must be one of those there are, got ${index}`);
    }
    if (!Number.isFinite(value)) {
      throw new ArgumentError(`playground: a weight must be a finite number, got ${value}`);
    }
    held.data[at] = value;
    t.set(place.path, held);
  }

  #observe(measured: Epoch): void {
    const { epoch, validation } = measured;
    if (!this.#recorder.wants(epoch)) return;
    const { loss, accuracy } = measure(measured);
    const held = measure(validation ?? this.#trainer(0).evaluate(this.#points.validation));
    this.#recorder.add({
      epoch,
      loss,
      accuracy,
      heldLoss: held.loss,
      heldAccuracy: held.accuracy,
    });
  }

  #trainer(member: number): Trainer {
    const found = this.#members[member];
    if (found !== undefined) return found.trainer;
    throw new ArgumentError(
      `playground: a member must be 0 … ${this.#members.length - 1}, got ${member}`,
    );
  }
}

function begun(
  settings: TrainingSettings,
  { training, validation, classes }: PointSet,
  member: number,
  start: SessionStart | undefined,
): Member {
  const trainer = memberTrainer(settings, classes, member);
  const weights = start?.weights[member];
  if (start !== undefined && weights !== undefined) {
    setAll(trainer, weights);
    trainer.epoch = start.epoch;
  }
  const { patience } = settings;
  const epochs = trainer.fit(training, {
    epochs: Number.MAX_SAFE_INTEGER,
    batch: Math.min(settings.batch, training.inputs.shape[0] as number),
    // Whoever calls gives way between epochs.
    yieldEvery: Number.POSITIVE_INFINITY,
    ...(patience > 0 ? { validation, earlyStopping: { patience } } : {}),
  });
  return { trainer, epochs, stopped: undefined };
}

/** One epoch of a member; undefined where it ended without one. */
async function epochOf(member: Member): Promise<Epoch | undefined> {
  try {
    const { value } = await member.epochs.next();
    // The curves keep what is seen; a history of all would grow for ever.
    member.trainer.history.length = 0;
    if (typeof value !== "object") return undefined;
    if (value.stopped !== undefined) {
      member.stopped = value.stopped;
      // Ends the loop, which puts the best weights back.
      await member.epochs.return();
    }
    return value;
  } catch (error) {
    member.stopped = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}

function placesOf(t: Trainer): readonly Place[] {
  let start = 0;
  return t.parameters.map((path) => {
    const { shape, data } = t.get(path);
    const place = { path, shape, start };
    start += data.length;
    return place;
  });
}

function setAll(t: Trainer, weights: readonly number[]): void {
  const places = placesOf(t);
  const count = places.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  if (weights.length !== count || !weights.every(Number.isFinite)) {
    throw new ArgumentError(
      `playground: there must be ${count} finite weights, got ${weights.length}`,
    );
  }
  for (const { path, shape, start } of places) {
    const size = shape.reduce((a, b) => a * b, 1);
    t.set(path, new Tensor(shape, Float64Array.from(weights.slice(start, start + size))));
  }
}

function measure(measured: Measured): Measure {
  return { loss: measured.loss, accuracy: measured["accuracy"] ?? Number.NaN };
}

function listed({ inputs, targets }: Dataset): readonly OwnPoint[] {
  return Array.from(targets.data, (value, i) => [
    inputs.data[2 * i] as number,
    inputs.data[2 * i + 1] as number,
    value,
  ]);
}
