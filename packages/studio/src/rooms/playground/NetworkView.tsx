import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { useWidth } from "../../chart/useWidth.ts";
import { Button } from "../../design/index.ts";
import { type FeatureId, featureIds, features } from "../../training/features.ts";
import { UNIT_FIELD } from "../../training/fieldPoints.ts";
import type { FrameDetail } from "../../training/frame.ts";
import { outputsOf } from "../../training/network.ts";
import { limits } from "../../training/trainingSettings.ts";
import { featurePictures } from "./featurePictures.ts";
import {
  type Link,
  type NetworkLayout,
  networkLayout,
  UNIT,
  type UnitPlace,
} from "./networkLayout.ts";
import { Picture } from "./Picture.tsx";
import { type Palette, paintUnit } from "./paint.ts";
import { type Sight, sightHandlers } from "./sight.ts";
import { short } from "./text.ts";
import type { Training } from "./useTraining.ts";

/** A unit by its column, the features' being 0, and its number there. */
export interface Chosen {
  readonly column: number;
  readonly unit: number;
}

/** What the drawing takes. */
export interface NetworkProps {
  readonly chosenFeatures: readonly FeatureId[];
  readonly layers: readonly number[];
  readonly training: Training;
  readonly chosen: Chosen | undefined;
  /** What the eye is on, which the output shows large. */
  readonly sight: Signal<Sight | undefined>;
  readonly onChoose: (chosen: Chosen | undefined) => void;
  readonly onFeatures: (features: readonly FeatureId[]) => void;
  readonly onLayers: (layers: readonly number[]) => void;
}

/** The network as units that show what they see, and connections as thick as their weights. */
export function NetworkView(props: NetworkProps): JSX.Element {
  const { chosenFeatures, layers, training, chosen, sight, onChoose, onFeatures } = props;
  const facts = training.facts.value;
  const detail = training.detail.value;
  const [place, room] = useWidth<HTMLDivElement>(600);
  const [pointed, setPointed] = useState<Link | undefined>(undefined);
  const outputs = outputsOf(facts?.classes ?? 2);
  const layout = useMemo(() => {
    const sizes = [chosenFeatures.length, ...layers, outputs];
    const rows = [
      chosenFeatures.map((id) => featureIds.indexOf(id)),
      ...[...layers, outputs].map((count) => Array.from({ length: count }, (_, i) => i)),
    ];
    return networkLayout(sizes, [...rows, [featureIds.length - 1]], facts, room);
  }, [chosenFeatures, layers, outputs, facts, room]);
  const weights = detail?.weights ?? [];
  const last = layers.length + 1;
  const switchFeature = (id: FeatureId): void => {
    const next = featureIds.filter((one) => (one === id) !== chosenFeatures.includes(one));
    if (next.length > 0) onFeatures(next);
  };
  return (
    <div class="network" ref={place}>
      <div class="scroll">
        <div class="stage" style={{ width: `${layout.width}px` }}>
          <Heads {...props} layout={layout} />
          <div class="drawing" style={{ height: `${layout.height}px` }}>
            <svg width={layout.width} height={layout.height} aria-hidden="true">
              <Weights links={layout.links} weights={weights} pointed={pointed} />
              <Targets links={layout.links} onPoint={setPointed} onChoose={onChoose} />
            </svg>
            {featureIds.map((id, row) => (
              <button
                key={id}
                type="button"
                class="unit feature"
                aria-pressed={chosenFeatures.includes(id)}
                aria-label={`Feature ${features[id].title}`}
                title={`Feature ${features[id].title}: ${chosenFeatures.includes(id) ? "the network sees it" : "click to let the network see it"}`}
                style={placed(UNIT / 2, 52 * (row + 0.5))}
                onClick={() => switchFeature(id)}
                {...sightHandlers(sight, { feature: id, name: features[id].title })}
              >
                <Picture side={UNIT_FIELD} draw={featurePictures[id]} />
                <span class="name">{features[id].title}</span>
              </button>
            ))}
            {layout.columns
              .slice(1)
              .flatMap((column) =>
                column.map((unit) => (
                  <Unit
                    key={`${unit.column}.${unit.unit}`}
                    place={unit}
                    of={column.length}
                    output={unit.column === last}
                    detail={detail}
                    sight={sight}
                    chosen={chosen?.column === unit.column && chosen.unit === unit.unit}
                    onChoose={onChoose}
                  />
                )),
              )}
          </div>
        </div>
      </div>
      <p class="pointed">
        {pointed === undefined ? (
          "Lines are weights: the thicker, the larger; dashed ones are below 0. Point at one, or choose a unit to change its weights."
        ) : (
          <>
            Weight of {nameOf(pointed.from, chosenFeatures, last)} in{" "}
            {nameOf(pointed.to, chosenFeatures, last)}:{" "}
            <b>{short(weights[pointed.index] ?? Number.NaN)}</b>
          </>
        )}
      </p>
    </div>
  );
}

/** A unit in words: `x²`, `unit 3 of layer 1`, `output 1`. */
export function nameOf(
  { column, unit }: Chosen,
  chosen: readonly FeatureId[],
  last: number,
): string {
  if (column === 0) return features[chosen[unit] ?? "x"].title;
  return column === last ? `output ${unit + 1}` : `unit ${unit + 1} of layer ${column}`;
}

function placed(x: number, y: number): Record<string, string> {
  return { left: `${x - UNIT / 2}px`, top: `${y - UNIT / 2}px` };
}

function Heads({
  layers,
  onLayers,
  layout,
}: NetworkProps & { layout: NetworkLayout }): JSX.Element {
  const change = (at: number, by: number): void =>
    onLayers(layers.map((units, i) => (i === at ? units + by : units)));
  const last = layout.columns.length - 1;
  return (
    <div class="heads">
      <span class="head" style={{ left: `${UNIT / 2}px` }}>
        Features
      </span>
      {layers.map((units, i) => (
        <fieldset
          key={i}
          class="head"
          style={{ left: `${layout.columns[i + 1]?.[0]?.x ?? 0}px` }}
          aria-label={`Layer ${i + 1} of ${units} units`}
        >
          <Button
            kind="quiet"
            label={`One unit less in layer ${i + 1}`}
            disabled={units <= limits.units[0]}
            onClick={() => change(i, -1)}
          >
            −
          </Button>
          <span>{units}</span>
          <Button
            kind="quiet"
            label={`One unit more in layer ${i + 1}`}
            disabled={units >= limits.units[1]}
            onClick={() => change(i, 1)}
          >
            +
          </Button>
        </fieldset>
      ))}
      <span class="head" style={{ left: `${layout.columns[last]?.[0]?.x ?? 0}px` }}>
        Output
      </span>
    </div>
  );
}

function Weights(props: {
  readonly links: readonly Link[];
  readonly weights: readonly number[];
  readonly pointed: Link | undefined;
}): JSX.Element {
  const { links, weights, pointed } = props;
  return (
    <g class="weights">
      {links.map(({ d, index }) => {
        const weight = weights[index] ?? 0;
        const width = Math.min(7, 0.4 + 2.4 * Math.abs(weight));
        const name = `${weight < 0 ? "below" : "above"}${pointed?.index === index ? " pointed" : ""}`;
        return <path key={index} class={name} d={d} stroke-width={width.toFixed(2)} />;
      })}
    </g>
  );
}

/** Wide lines that nobody sees, for pointers. */
function Targets(props: {
  readonly links: readonly Link[];
  readonly onPoint: (link: Link | undefined) => void;
  readonly onChoose: (chosen: Chosen) => void;
}): JSX.Element {
  const { links, onPoint, onChoose } = props;
  return useMemo(
    () => (
      <g class="targets">
        {links.map((link) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: a pointer's way to what fields show.
          <path
            key={link.index}
            d={link.d}
            onPointerEnter={() => onPoint(link)}
            onPointerLeave={() => onPoint(undefined)}
            onClick={() => onChoose({ column: link.to.column, unit: link.to.unit })}
          />
        ))}
      </g>
    ),
    [links, onPoint, onChoose],
  );
}

function Unit(props: {
  readonly place: UnitPlace;
  readonly of: number;
  readonly output: boolean;
  readonly detail: FrameDetail | undefined;
  readonly sight: Signal<Sight | undefined>;
  readonly chosen: boolean;
  readonly onChoose: (chosen: Chosen | undefined) => void;
}): JSX.Element {
  const { place, of, output, detail, sight, chosen, onChoose } = props;
  const { column, unit } = place;
  const seen = detail?.seen[column];
  const ailment = output ? undefined : detail?.ailments[column - 1]?.[unit];
  const draw = useCallback(
    (canvas: HTMLCanvasElement, colours: Palette) => {
      if (seen?.length === of * UNIT_FIELD ** 2) paintUnit(canvas, seen, { unit, of }, colours);
    },
    [seen, unit, of],
  );
  const name = output ? `Output ${unit + 1}` : `Unit ${unit + 1} of layer ${column}`;
  const told = ailment === undefined ? name : `${name}, ${ailment}`;
  return (
    <button
      type="button"
      class={`unit ${output ? "output" : ""} ${ailment ?? ""}`}
      aria-pressed={chosen}
      aria-label={told}
      title={told}
      style={placed(place.x, place.y)}
      onClick={() => onChoose(chosen ? undefined : { column, unit })}
      {...(output ? {} : sightHandlers(sight, { column, unit, of, name: name.toLowerCase() }))}
    >
      {output ? (
        <span class="sum">{of === 1 ? "Σ" : unit + 1}</span>
      ) : (
        <Picture side={UNIT_FIELD} draw={draw} />
      )}
      {ailment === undefined ? undefined : (
        <span class="ailment">{ailment === "dead" ? "✕" : "≈"}</span>
      )}
    </button>
  );
}
