import {
  type Expr,
  type Nested,
  neg,
  Program,
  softplus,
  sum,
  Tensor,
  variable,
} from "@chainrule/core";
import { build, layer, Registry, random, ring } from "@chainrule/nn";
import type { GanState } from "./ganState.ts";
import { NOISE_SIZE, players } from "./players.ts";

/** The game of one generated and one real point as it begins: both networks with both losses, and their numbers. */
export function ganGraph({ seed }: GanState): {
  readonly program: Program;
  readonly values: Readonly<Record<string, Nested>>;
} {
  const { generator, discriminator } = players();
  const [noise, point] = [variable("noise", [1, NOISE_SIZE]), variable("point", [1, 2])];
  const game = layer("game", (x: Expr, scope) => {
    const sample = scope.use(generator)(noise);
    const judge = scope.use(discriminator);
    return { sample, real: judge(x), fake: judge(sample) };
  });
  const { output, kept } = build(game, point, { registry: new Registry(seed) });
  const { sample, real, fake } = output;
  const definitions = {
    sample,
    real,
    fake,
    discriminator: sum(softplus(neg(real)).add(softplus(fake))),
    // It wins by what the other takes to be real.
    generator: sum(softplus(neg(fake))),
  };
  const { normal } = random(seed, "noise");
  const values: Record<string, Nested> = {
    noise: [Array.from({ length: NOISE_SIZE }, normal)],
    point: [Array.from(ring({ points: 1, noise: 0, seed }).inputs.data)],
  };
  for (const { path, node, initial } of kept.values()) {
    values[path] = new Tensor(node.shape as readonly number[], initial()).toArray();
  }
  return { program: new Program({ definitions }), values };
}
