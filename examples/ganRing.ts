import { type Expr, leakyRelu, mean, neg, softplus, type Tensor } from "@chainrule/core";
import { randomNormal } from "@chainrule/core/random";
import { adam, dense, layer, named, ring, ringCoverage, sequential, trainer } from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Modes that 1000 samples cover, the share of samples at a mode, and how many lie at each. */
export type GanRingResult = {
  readonly modes: number;
  readonly quality: number;
  readonly counts: readonly number[];
};

/** What both players make of a batch. */
type Out = { readonly real: Expr; readonly fake: Expr; readonly sample: Expr };

const EPOCHS = 600;
const POINTS = 1024;
/** Width of a cloud; a sample within three of its centre counts. */
const NOISE = 0.05;

const net = (outputs: number) => sequential(dense(64, leaky), dense(64, leaky), dense(outputs));

function leaky(x: Expr): Expr {
  return leakyRelu(x, { alpha: 0.2 });
}

/** A generator makes points from noise, a discriminator tells them from real ones; each step moves both. */
export const ganRing: Example<GanRingResult> = {
  name: "ganRing",
  title: "A generative adversarial network draws eight Gaussians on a ring",
  goal: "samples cover at least 7 of the 8 modes",
  async run({ seed, bar }) {
    const [generator, discriminator] = [named("generator", net(2)), named("discriminator", net(1))];
    const game = layer("game", (x: Expr, scope) => {
      const noise = randomNormal(scope.randomKey(), ["batch", 8], { dtype: "f32" });
      const sample = scope.use(generator)(noise);
      const judge = scope.use(discriminator);
      return { real: judge(x), fake: judge(sample), sample };
    });
    const judged = ({ real, fake }: Out) => mean(softplus(neg(real))).add(mean(softplus(fake)));
    const t = trainer(game, {
      input: ["batch", 2],
      loss: judged,
      players: [{ parameters: "generator", loss: ({ fake }: Out) => mean(softplus(neg(fake))) }],
      optimizer: adam({ rate: 0.0005, beta1: 0.5 }),
      dtype: "f32",
      seed,
    });
    const real = ring({ points: POINTS, noise: NOISE, seed });
    const options = { epochs: EPOCHS, batch: 128, ...bar({ epochs: EPOCHS }) };
    await t.train({ inputs: real.inputs }, options);
    const samples = t.inspect(real.inputs)["sample"] as Tensor;
    return ringCoverage(samples, { within: 3 * NOISE });
  },
  reached: ({ modes }) => modes >= 7,
};

await showIfMain(ganRing, import.meta.url);
