import { evaluate, slice, Tensor, variable } from "@chainrule/core";
import { type FeatureId, featureIds, features } from "../../training/features.ts";
import { fieldPoints, UNIT_FIELD } from "../../training/fieldPoints.ts";
import { type Palette, paintUnit } from "./paint.ts";

type Draw = (canvas: HTMLCanvasElement, colours: Palette, sharp?: boolean) => void;

/** What each feature is over the square. */
export const featurePictures: Readonly<Record<FeatureId, Draw>> = pictures();

function pictures(): Record<FeatureId, Draw> {
  const points = variable("points", ["places", 2]);
  const [x, y] = [slice(points, 1, 0, 1), slice(points, 1, 1, 2)];
  const graphs = featureIds.map((id) => features[id].graph(x, y));
  const values = evaluate(graphs, { points: fieldPoints(UNIT_FIELD) });
  const draws = featureIds.map((id, i) => {
    const value = values[i];
    const numbers = value instanceof Tensor ? value.data : [];
    const draw: Draw = (canvas, colours, sharp) =>
      paintUnit(canvas, numbers, { unit: 0, of: 1 }, colours, sharp);
    return [id, draw] as const;
  });
  return Object.fromEntries(draws) as Record<FeatureId, Draw>;
}
