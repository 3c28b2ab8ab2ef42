import { type Expr, leakyRelu } from "@chainrule/core";
import { dense, type Layer, named, sequential } from "@chainrule/nn";

/** Numbers that the generator makes a point of. */
export const NOISE_SIZE = 8;

/** The generator of points and the discriminator, which tells them from real ones by a score above 0 or below. */
export function players(): { readonly generator: Layer; readonly discriminator: Layer } {
  return {
    generator: named("generator", net(2)),
    discriminator: named("discriminator", net(1)),
  };
}

function net(outputs: number): Layer {
  return sequential(dense(64, leaky), dense(64, leaky), dense(outputs));
}

function leaky(x: Expr): Expr {
  return leakyRelu(x, { alpha: 0.2 });
}
