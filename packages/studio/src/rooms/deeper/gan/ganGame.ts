import { type Expr, mean, neg, sigmoid, softplus, Tensor } from "@chainrule/core";
import { randomNormal } from "@chainrule/core/random";
import {
  adam,
  batches,
  type Dataset,
  layer,
  ring,
  ringCoverage,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import { FIELD, REACH } from "./ganField.ts";
import { NOISE_SIZE, players } from "./players.ts";

/** What both players make of a batch. */
type Out = {
  readonly real: Expr;
  readonly fake: Expr;
  readonly sample: Expr;
  readonly belief: Expr;
};

/** What there is to see of a game. */
export interface GanView {
  readonly step: number;
  /** Points of the generator, x and y in turn. */
  readonly samples: readonly number[];
  /** How real the discriminator takes each place of the field to be, 0 … 1, row by row from the top. */
  readonly field: readonly number[];
  /** Clouds of eight that the samples cover. */
  readonly modes: number;
  /** Share of samples that lie in a cloud. */
  readonly quality: number;
  /** Loss of the discriminator; 2 ln 2 where it cannot tell at all. */
  readonly loss: number;
}

/** Width of a cloud; a sample within three of its centre counts. */
const NOISE = 0.05;
const POINTS = 1024;
const BATCH = 128;
/** Samples that are shown: as many as eyes tell apart. */
const SHOWN = 400;

/** Generator and discriminator, each in turn the other's teacher; the same seed plays the same game. */
export class GanGame {
  /** The points to be imitated, x and y in turn. */
  readonly real: readonly number[];
  readonly #trainer: Trainer;
  readonly #batches: Generator<Dataset, never>;
  #loss = Number.NaN;
  #step = 0;

  constructor(seed: number) {
    const { generator, discriminator } = players();
    const game = layer("game", (x: Expr, scope) => {
      const noise = randomNormal(scope.randomKey(), ["batch", NOISE_SIZE], { dtype: "f32" });
      const sample = scope.use(generator)(noise);
      const judge = scope.use(discriminator);
      const real = judge(x);
      return { real, fake: judge(sample), sample, belief: sigmoid(real) };
    });
    this.#trainer = trainer(game, {
      input: ["batch", 2],
      loss: ({ real, fake }: Out) => mean(softplus(neg(real))).add(mean(softplus(fake))),
      players: [{ parameters: "generator", loss: ({ fake }: Out) => mean(softplus(neg(fake))) }],
      optimizer: adam({ rate: 0.0005, beta1: 0.5 }),
      dtype: "f32",
      seed,
    });
    const points = ring({ points: POINTS, noise: NOISE, seed }).inputs;
    this.#batches = endless(points, seed);
    this.real = Array.from(points.data.subarray(0, 2 * SHOWN));
  }

  /** Plays on: both players move in every step. */
  play(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const { value } = this.#batches.next();
      this.#loss = this.#trainer.step(value).loss;
      this.#step++;
    }
  }

  /** What the game has come to. */
  view(): GanView {
    const { sample, belief } = this.#trainer.inspect(places) as Readonly<Record<string, Tensor>>;
    const points = sample as Tensor;
    const { modes, quality } = ringCoverage(points, { within: 3 * NOISE });
    return {
      step: this.#step,
      samples: Array.from(points.data.subarray(0, 2 * SHOWN)),
      field: Array.from(belief?.data ?? []),
      modes,
      quality,
      loss: this.#loss,
    };
  }
}

/** Batches without end, in a new order each epoch. */
function* endless(points: Tensor, seed: number): Generator<Dataset, never> {
  const data = { inputs: points, targets: new Tensor([POINTS], new Float64Array(POINTS)) };
  for (let epoch = 0; ; epoch++) yield* batches(data, { size: BATCH, seed, epoch });
}

/** The middles of the field's places, row by row from the top. */
const places = new Tensor(
  [FIELD * FIELD, 2],
  Float32Array.from({ length: 2 * FIELD * FIELD }, (_, i) => {
    const at = Math.floor(i / 2);
    const [row, column] = [Math.floor(at / FIELD), at % FIELD];
    const along = i % 2 === 0 ? column : FIELD - 1 - row;
    return REACH * ((2 * along + 1) / FIELD - 1);
  }),
);
