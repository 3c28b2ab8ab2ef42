import type { JSX } from "preact";
import { Formula } from "../../design/index.ts";
import { Scroller } from "../../document/Scroller.tsx";
import type { Numbers } from "./network.ts";
import { HEIGHT, strong, type Unit, units, WIDTH, type Wire, wires } from "./networkPlan.ts";
import { isWeight, type PageId } from "./pages.ts";
import { brief, type DigitsChoice } from "./printing.ts";

/** What the drawing shows: every number by its name. */
export interface DrawingProps {
  readonly numbers: Numbers;
  readonly page: PageId;
  readonly digits: DigitsChoice;
}

const places = new Map(units.map((unit) => [unit.id, unit]));

/** The network as the lecture draws it; what the page is about is drawn strongly. */
export function Drawing({ numbers, page, digits }: DrawingProps): JSX.Element {
  const marked = strong(page);
  const backward = isWeight(page);
  const told = describe(numbers, digits);
  return (
    <div class={`network${marked.size > 0 ? " some" : ""}${backward ? " backward" : ""}`}>
      <Scroller label="Drawing of the network">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={told}>
          {wires.map((wire) => (
            <WireLine key={wire.id} wire={wire} strong={isMarked(wire, marked)} />
          ))}
          {wires.map((wire) => (
            <WireLabel
              key={wire.id}
              wire={wire}
              number={numbers[wire.id]}
              strong={marked.has(wire.id)}
              digits={digits}
            />
          ))}
          {units.map((unit) => (
            <UnitCircle
              key={unit.id}
              unit={unit}
              numbers={numbers}
              digits={digits}
              strong={marked.has(unit.id)}
            />
          ))}
        </svg>
      </Scroller>
      <p class="sum">
        <Formula latex="E = E_{1} + E_{2}" /> <b>{brief(numbers["E"] ?? Number.NaN, digits)}</b>
      </p>
    </div>
  );
}

/** A connection is on the way when it is named, or leads between two that are, to an error. */
function isMarked(wire: Wire, marked: ReadonlySet<string>): boolean {
  if (!wire.to.startsWith("E")) return marked.has(wire.id);
  return marked.has(wire.from) && marked.has(wire.to);
}

function WireLine({
  wire,
  strong,
}: {
  readonly wire: Wire;
  readonly strong: boolean;
}): JSX.Element {
  const [from, to] = [places.get(wire.from), places.get(wire.to)];
  const d = `M${from?.x ?? 0} ${from?.y ?? 0}L${to?.x ?? 0} ${to?.y ?? 0}`;
  const bias = wire.from.startsWith("b");
  return <path class={`wire${strong ? " strong" : ""}${bias ? " bias" : ""}`} d={d} />;
}

interface WireLabelProps {
  readonly wire: Wire;
  readonly number: number | undefined;
  readonly strong: boolean;
  readonly digits: DigitsChoice;
}

function WireLabel({ wire, number, strong, digits }: WireLabelProps): JSX.Element | null {
  const [from, to] = [places.get(wire.from), places.get(wire.to)];
  if (from === undefined || to === undefined || wire.share === 0 || number === undefined)
    return null;
  const x = from.x + wire.share * (to.x - from.x);
  const y = from.y + wire.share * (to.y - from.y);
  return (
    <g class={`weight${strong ? " strong" : ""}`} transform={`translate(${x} ${y})`}>
      <rect x={-35} y={-21} width={70} height={42} rx={8} />
      <text y={-4} text-anchor="middle">
        <Index name={wire.id} />
      </text>
      <text class="number" y={15} text-anchor="middle">
        {brief(number, digits)}
      </text>
    </g>
  );
}

interface UnitProps {
  readonly unit: Unit;
  readonly numbers: Numbers;
  readonly digits: DigitsChoice;
  readonly strong: boolean;
}

function UnitCircle({ unit, numbers, digits, strong }: UnitProps): JSX.Element {
  const { kind, id, x, y, shows } = unit;
  const wide = kind === "neuron" || kind === "error";
  const [width, height] = wide ? [108, 74] : [76, 52];
  return (
    <g class={`unit ${kind}${strong ? " strong" : ""}`} transform={`translate(${x} ${y})`}>
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={height / 2} />
      <text y={wide ? -17 : -5} text-anchor="middle">
        <Index name={id} />
      </text>
      {shows.map((name, i) => (
        <text
          key={name}
          class={i === shows.length - 1 ? "number" : "number faint"}
          y={(wide ? 6 : 15) + 19 * i}
          text-anchor="middle"
        >
          {signs[name.split("_")[0] ?? ""] ?? ""}
          {brief(numbers[name] ?? Number.NaN, digits)}
        </text>
      ))}
    </g>
  );
}

/** What stands before a number: a sum, a target. */
const signs: Readonly<Record<string, string>> = { sum: "Σ ", target: "↦ " };

/** `w₁` as letter and index. */
function Index({ name }: { readonly name: string }): JSX.Element {
  return (
    <>
      <tspan class="letter">{name.slice(0, 1)}</tspan>
      <tspan class="index" dy="3">
        {name.slice(1)}
      </tspan>
    </>
  );
}

function describe(numbers: Numbers, digits: DigitsChoice): string {
  const say = (name: string): string => `${name} ${brief(numbers[name] ?? Number.NaN, digits)}`;
  const weights = wires.filter(({ share }) => share > 0).map(({ id }) => say(id));
  const values = units.flatMap(({ shows }) => shows).map(say);
  return `Network of two inputs, two hidden neurons and two outputs. ${[...values, ...weights, say("E")].join(", ")}.`;
}
