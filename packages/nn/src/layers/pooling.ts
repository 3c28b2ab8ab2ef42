import { broadcastTo, type Dim, type Expr, mean, reshape } from "@chainrule/core";
import {
  type AveragePoolOptions,
  averagePool1d as average1d,
  averagePool2d as average2d,
  maxPool1d as max1d,
  maxPool2d as max2d,
  type PerAxis,
  type WindowOptions,
} from "@chainrule/core/conv";
import { type Layer, layer } from "../model/index.ts";
import { needsAxes, positive } from "./checks.ts";

/** Largest element of each window; the stride is the window unless given. x [batch, channels, width]. */
export function maxPool1d(size: number, options: WindowOptions = {}): Layer {
  return layer("maxPool1d", (x: Expr) => max1d(x, size, options), { size });
}

/** Largest element of each window; the stride is the window unless given. x [batch, channels, height, width]. */
export function maxPool2d(size: PerAxis, options: WindowOptions = {}): Layer {
  return layer("maxPool2d", (x: Expr) => max2d(x, size, options), { size: String(size) });
}

/** Mean of each window. x [batch, channels, width]. */
export function averagePool1d(size: number, options: AveragePoolOptions = {}): Layer {
  return layer("averagePool1d", (x: Expr) => average1d(x, size, options), { size });
}

/** Mean of each window. x [batch, channels, height, width]. */
export function averagePool2d(size: PerAxis, options: AveragePoolOptions = {}): Layer {
  return layer("averagePool2d", (x: Expr) => average2d(x, size, options), { size: String(size) });
}

/** Mean over all axes after the channels: [batch, channels, ...] → [batch, channels]. */
export function globalAveragePool(): Layer {
  return layer("globalAveragePool", (x: Expr) =>
    mean(
      x,
      x.shape.slice(2).map((_, i) => i + 2),
    ),
  );
}

/** Every element repeated along one axis: [batch, channels, width] → [batch, channels, factor · width]. */
export function upsample1d(factor: number): Layer {
  return upsample("upsample1d", factor, ["batch", "channels", "width"]);
}

/** Every element repeated along two axes: [batch, channels, h, w] → [batch, channels, factor · h, factor · w]. */
export function upsample2d(factor: number): Layer {
  return upsample("upsample2d", factor, ["batch", "channels", "height", "width"]);
}

function upsample(name: string, factor: number, axes: readonly string[]): Layer {
  positive(name, "the factor", factor);
  return layer(
    name,
    (x: Expr) => {
      needsAxes(name, x, axes);
      const lead = x.shape.slice(0, 2);
      const spatial = x.shape.slice(2) as number[];
      const apart = spatial.flatMap((size) => [size, 1]);
      const repeated = spatial.flatMap((size) => [size, factor]);
      const wide = broadcastTo(reshape(x, [...lead, ...apart]), [...lead, ...repeated]);
      return reshape(wide, [...lead, ...spatial.map((size) => size * factor)]);
    },
    { factor },
  );
}

/** All axes but the first as one: [batch, ...] → [batch, product]. */
export function flatten(): Layer {
  return layer("flatten", (x: Expr) => reshape(x, [x.shape[0] as Dim, -1]));
}
