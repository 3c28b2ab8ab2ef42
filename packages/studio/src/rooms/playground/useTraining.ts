import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Frame, FrameDetail, SessionFacts } from "../../training/frame.ts";
import type { Answer } from "../../training/messages.ts";
import { TrainingClient } from "../../training/TrainingClient.ts";
import { type PlaygroundState, settingsOf } from "./playgroundState.ts";

/** Milliseconds between two looks into the network; the field is looked at with every picture. */
const DETAIL = 200;

/** What may change while a network goes on training. */
const gentle = ["optimizer", "rate", "penalty", "strength", "batch", "patience"] as const;

/** A network in training as the room sees and steers it. */
export class Training {
  readonly #state: Signal<PlaygroundState>;
  readonly #facts = signal<SessionFacts | undefined>(undefined);
  readonly #frame = signal<Frame | undefined>(undefined);
  readonly #detail = signal<FrameDetail | undefined>(undefined);
  readonly #running = signal(false);
  readonly #problem = signal<string | undefined>(undefined);
  readonly #speed = signal(0);
  readonly #member = signal(0);
  readonly #client: TrainingClient;
  #settings = "";
  #weights: PlaygroundState["weights"] = [];
  #wanted = false;
  #detailedAt = 0;
  #counted = { at: 0, examples: 0 };
  #request = 0;

  constructor(state: Signal<PlaygroundState>) {
    this.#state = state;
    this.#client = new TrainingClient((answer) => this.#hear(answer));
    const draw = (now: number): void => {
      this.#request = requestAnimationFrame(draw);
      this.#look(now);
    };
    this.#request = requestAnimationFrame(draw);
  }

  get facts(): ReadonlySignal<SessionFacts | undefined> {
    return this.#facts;
  }

  /** What was seen last. */
  get frame(): ReadonlySignal<Frame | undefined> {
    return this.#frame;
  }

  get detail(): ReadonlySignal<FrameDetail | undefined> {
    return this.#detail;
  }

  get running(): ReadonlySignal<boolean> {
    return this.#running;
  }

  /** Why there is nothing to train. */
  get problem(): ReadonlySignal<string | undefined> {
    return this.#problem;
  }

  /** Examples a second. */
  get speed(): ReadonlySignal<number> {
    return this.#speed;
  }

  /** The member of the committee whose network is shown. */
  get member(): ReadonlySignal<number> {
    return this.#member;
  }

  /** Follows the settings of the room: goes on where that can be, else begins again. */
  follow(state: PlaygroundState): void {
    const settings = settingsOf(state);
    const text = JSON.stringify(settings);
    const restored = state.weights.length > 0 && state.weights !== this.#weights;
    if (text === this.#settings && !restored) return;
    const before = this.#settings === "" ? undefined : JSON.parse(this.#settings);
    this.#settings = text;
    this.#weights = state.weights;
    const changed = Object.entries(settings).filter(
      ([key, value]) => JSON.stringify(before?.[key]) !== JSON.stringify(value),
    );
    const goesOn =
      before !== undefined &&
      this.#facts.value !== undefined &&
      changed.every(([key]) => gentle.some((one) => one === key));
    if (restored) this.#client.begin(settings, { weights: state.weights, epoch: state.epoch });
    else this.#client.begin(settings, goesOn ? "kept" : undefined);
    if (!goesOn) this.#member.value = 0;
    if (this.#running.value) this.#run();
    this.#wanted = true;
  }

  /** Begins again with the same settings. */
  restart(): void {
    this.#settings = "";
    this.#running.value = false;
    const { value } = this.#state;
    if (value.weights.length > 0) this.#state.value = { ...value, weights: [], epoch: 0 };
    else this.follow(value);
  }

  toggle(): void {
    if (this.#running.value) this.pause();
    else {
      this.#running.value = true;
      this.#forget();
      this.#run();
    }
  }

  pause(): void {
    this.#running.value = false;
    this.#client.send({ kind: "pause" });
    this.#client.send({ kind: "keep" });
    this.#wanted = true;
  }

  /** One epoch. */
  step(): void {
    this.#running.value = false;
    this.#forget();
    this.#client.send({ kind: "epoch" });
    this.#client.send({ kind: "keep" });
    this.#wanted = true;
  }

  repace(): void {
    if (this.#running.value) this.#run();
  }

  setWeight(index: number, value: number): void {
    this.#client.send({ kind: "weight", member: this.#member.value, index, value });
    if (!this.#running.value) this.#client.send({ kind: "keep" });
    this.#wanted = true;
  }

  show(member: number): void {
    this.#member.value = member;
    this.#wanted = true;
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    this.#client.close();
  }

  #run(): void {
    const { pace } = this.#state.value;
    this.#client.send({ kind: "run", pace: pace === "full" ? undefined : Number(pace) });
  }

  /** Weights that training moves on from are no longer those of the address. */
  #forget(): void {
    const { value } = this.#state;
    this.#weights = [];
    if (value.weights.length > 0) this.#state.value = { ...value, weights: [], epoch: 0 };
  }

  #look(now: number): void {
    if (!this.#wanted && !this.#running.value) return;
    if (this.#problem.value !== undefined) return;
    const detail = !this.#running.value || now - this.#detailedAt >= DETAIL;
    if (!this.#client.ask(this.#member.value, detail)) return;
    if (detail) this.#detailedAt = now;
    this.#wanted = false;
  }

  #hear(answer: Answer): void {
    if (answer.kind === "begun") {
      this.#facts.value = answer.facts;
      this.#problem.value = undefined;
      this.#counted = { at: performance.now(), examples: 0 };
      this.#wanted = true;
    } else if (answer.kind === "refused") {
      this.#running.value = false;
      this.#facts.value = undefined;
      this.#frame.value = undefined;
      this.#detail.value = undefined;
      this.#problem.value = answer.message;
    } else if (answer.kind === "kept") {
      this.#weights = answer.start.weights;
      this.#state.value = { ...this.#state.value, ...answer.start };
    } else if (answer.kind === "frame") this.#see(answer.frame);
  }

  #see(frame: Frame): void {
    this.#frame.value = frame;
    if (frame.detail !== undefined) this.#detail.value = frame.detail;
    if (frame.stopped !== undefined && this.#running.value) this.pause();
    const now = performance.now();
    const seconds = (now - this.#counted.at) / 1000;
    if (seconds < 0.5) return;
    this.#speed.value = Math.max(0, (frame.examples - this.#counted.examples) / seconds);
    this.#counted = { at: now, examples: frame.examples };
  }
}

/** The training of a room: it follows the room's settings, and ends with the room. */
export function useTraining(state: Signal<PlaygroundState>): Training {
  const training = useMemo(() => new Training(state), [state]);
  useEffect(() => () => training.close(), [training]);
  useEffect(() => training.follow(state.value), [training, state.value]);
  return training;
}
