import {
  concat,
  type Expr,
  grad,
  leakyRelu,
  mean,
  neg,
  oneHot,
  sigmoid,
  softplus,
  square,
  sum,
  Tensor,
} from "@chainrule/core";
import { randomNormal } from "@chainrule/core/random";
import { adam, dense, digits, layer, named, sequential, trainer } from "@chainrule/nn";
import { type Drawings, type Judgement, judgeDrawings } from "./support/digitReader.ts";
import type { Example, Run } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** What both players make of a batch; `slope` is the squared gradient of the judgement by the real images. */
type Out = { readonly [Name in "real" | "fake" | "sample" | "slope"]: Expr };

const SIZE = 16;
const PIXELS = SIZE * SIZE;
const EXAMPLES = 3000;
const DRAWINGS = 1000;
const NOISE = 32;

/** Weight of the slope, which keeps the discriminator flat around real images (Mescheder et al. 2018). */
const FLATNESS = 0.05;

const leaky = (x: Expr): Expr => leakyRelu(x, { alpha: 0.2 });
const hidden = (...sizes: number[]) => sequential(...sizes.map((size) => dense(size, leaky)));
const generator = named("generator", sequential(hidden(128, 256), dense(PIXELS, sigmoid)));
const discriminator = named("discriminator", sequential(hidden(256, 128), dense(1)));

/** Both players are told the digit. Training takes the gradient of the slope, a gradient itself. */
const game = layer("game", ({ image, digit }: { image: Expr; digit: Expr }, scope): Out => {
  const told = oneHot(digit, 10, "f32");
  const noise = randomNormal(scope.randomKey(), ["batch", NOISE], { dtype: "f32" });
  const sample = scope.use(generator)(concat([noise, told], 1));
  const judged = scope.use(discriminator);
  const [real, fake] = [judged(concat([image, told], 1)), judged(concat([sample, told], 1))];
  const slope = sum(square(grad(sum(real), image)), 1);
  return { real, fake, sample, slope };
});

const judgedLoss = ({ real, fake, slope }: Out): Expr =>
  mean(softplus(neg(real)))
    .add(mean(softplus(fake)))
    .add(mean(slope).mul(FLATNESS));

/** Drawings of a generator, all digits equally often, after so many epochs against a discriminator. */
export async function drawings(
  epochs: number,
  { seed, bar }: Pick<Run, "seed" | "bar">,
): Promise<Drawings> {
  const t = trainer(game, {
    input: { image: ["batch", PIXELS], digit: { shape: ["batch"], dtype: "i32" } },
    loss: judgedLoss,
    players: [{ parameters: "generator", loss: ({ fake }: Out) => mean(softplus(neg(fake))) }],
    optimizer: adam({ rate: 0.0005, beta1: 0.5 }),
    dtype: "f32",
    seed,
  });
  const real = digits({ examples: EXAMPLES, size: SIZE, seed });
  const image = new Tensor([EXAMPLES, PIXELS], real.inputs.data);
  const options = { epochs, batch: 50, ...bar({ epochs }) };
  await t.train({ inputs: { image, digit: real.targets } }, options);
  const targets = new Tensor(
    [DRAWINGS],
    Int32Array.from({ length: DRAWINGS }, (_, i) => i % 10),
  );
  const blank = new Tensor([DRAWINGS, PIXELS], new Float32Array(DRAWINGS * PIXELS));
  const { data } = t.inspect({ image: blank, digit: targets })["sample"] as Tensor;
  return { drawn: { inputs: new Tensor([DRAWINGS, 1, SIZE, SIZE], data), targets }, real };
}

/** A generator draws the digits it is asked for; a discriminator tells its drawings from real ones. */
export function digitsGanOf(epochs: number, least = 0.8): Example<Judgement> {
  return {
    name: "digitsGan",
    title: "A generative adversarial network draws the digits it is asked for",
    goal: `all ten digits; a convolutional network is sure (p ≥ 0.9) of ${100 * least} % of the drawings`,
    async run(options) {
      return judgeDrawings(await drawings(epochs, options), options);
    },
    reached: ({ accepted, counts }) => accepted >= least && counts.every((count) => count > 0),
  };
}

export const digitsGan: Example<Judgement> = digitsGanOf(100);

await showIfMain(digitsGan, import.meta.url);
