import type { JSX } from "preact";
import { Button, NumberField, Panel, Toggle } from "../../design/index.ts";
import { withIndices } from "../../document/numbers.ts";
import { rate as lectureRate, type Numbers } from "./network.ts";
import { LARGEST, LARGEST_RATE } from "./workedState.ts";

/** What the panel takes. */
export interface NumbersProps {
  readonly numbers: Numbers;
  readonly rate: number;
  readonly biases: boolean;
  readonly onNumber: (name: string, value: number) => void;
  readonly onRate: (rate: number) => void;
  readonly onBiases: (on: boolean) => void;
  readonly onReset: () => void;
}

const groups: readonly (readonly [title: string, names: readonly string[]])[] = [
  ["Inputs and targets", ["i1", "i2", "target_1", "target_2"]],
  ["Into the hidden neurons", ["w1", "w2", "w3", "w4"]],
  ["Into the outputs", ["w5", "w6", "w7", "w8"]],
];

/** Every number of the network, to be changed. */
export function NumbersPanel(props: NumbersProps): JSX.Element {
  const { numbers, rate, biases, onNumber, onRate, onBiases, onReset } = props;
  const field = (name: string): JSX.Element => (
    <NumberField
      key={name}
      label={withIndices(name.replace("_", ""))}
      // Six digits are enough to read; what is not edited keeps all of them.
      value={Number((numbers[name] ?? 0).toPrecision(6))}
      min={-LARGEST}
      max={LARGEST}
      onChange={(value) => onNumber(name, value)}
    />
  );
  return (
    <Panel title="Numbers" actions={<Button onClick={onReset}>The lecture’s numbers</Button>}>
      {groups.map(([group, names]) => (
        <fieldset key={group} class="numbers">
          <legend>{group}</legend>
          {names.map(field)}
        </fieldset>
      ))}
      <fieldset class="numbers">
        <legend>Biases and learning rate</legend>
        {["b1", "b2"].map(field)}
        <NumberField label="η" value={rate} min={0} max={LARGEST_RATE} onChange={onRate} />
      </fieldset>
      <Toggle label="Update the biases too" on={biases} onChange={onBiases} />
      {rate === lectureRate ? undefined : (
        <p class="quiet-text">The lecture’s learning rate is {lectureRate}.</p>
      )}
    </Panel>
  );
}
