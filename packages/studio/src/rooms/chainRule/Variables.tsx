import { type Derivative, decimalLatex } from "@chainrule/render";
import type { JSX } from "preact";
import { Button, Formula, NumberField, Slider } from "../../design/index.ts";
import { LARGEST_VALUE } from "./chainRuleState.ts";
import { sliderEnd } from "./inputValues.ts";
import type { Lesson } from "./lesson.ts";
import type { Reading } from "./readText.ts";

/** What the variables take. */
export interface VariablesProps {
  readonly reading: Reading;
  readonly values: Readonly<Record<string, number>>;
  readonly lesson: Lesson | undefined;
  /** The variable to differentiate by. */
  readonly by: string | undefined;
  /** Whether the derivatives are hidden, while a quiz asks for them. */
  readonly secret: boolean;
  readonly onValue: (name: string, value: number) => void;
  readonly onBy: (name: string) => void;
}

/** Every variable with slider and field, and its derivative, which may be chosen. */
export function Variables(props: VariablesProps): JSX.Element {
  const { reading, values, lesson, by, secret, onValue, onBy } = props;
  const { inputs } = reading;
  if (inputs.length === 0) {
    return <p class="quiet-text">The expression has no variable: its derivatives are all 0.</p>;
  }
  return (
    <>
      <div class="variables">
        {inputs.slice(0, MOST_SHOWN).map((name) => {
          const value = values[name] ?? 0;
          const end = sliderEnd(value);
          const found = lesson?.worked.derivatives.find((one) => one.by.name === name);
          return (
            <fieldset key={name} class="variable" aria-label={name}>
              <Formula latex={lesson?.latexOf(reading.program.variables[name]) ?? name} />
              <Slider
                bare
                label={name}
                value={value}
                min={-end}
                max={end}
                step={end / 100}
                onChange={(next) => onValue(name, rounded(next))}
              />
              <NumberField
                bare
                label={`${name}, as a number`}
                value={value}
                min={-LARGEST_VALUE}
                max={LARGEST_VALUE}
                onChange={(next) => onValue(name, next)}
              />
              {secret || lesson === undefined ? undefined : found === undefined ? (
                <span class="quiet-text none">no path</span>
              ) : (
                <Button kind="quiet" pressed={name === by} onClick={() => onBy(name)}>
                  <span class="hidden-text">
                    Differentiate by {name}: {found.value.text}
                  </span>
                  <span aria-hidden="true">
                    <Formula latex={slope(lesson, found)} />
                  </span>
                </Button>
              )}
            </fieldset>
          );
        })}
      </div>
      {inputs.length > MOST_SHOWN ? (
        <p class="quiet-text">
          {inputs.length - MOST_SHOWN} more variables have the numbers that the text gives them.
        </p>
      ) : undefined}
    </>
  );
}

/** `∂L/∂b = −4` in a line. */
function slope(lesson: Lesson, { of, by, value }: Derivative): string {
  const [y, x] = [lesson.latexOf(of.node), lesson.latexOf(by.node)];
  return `\\partial ${y}/\\partial ${x} ${value.exact ? "=" : "\\approx"} ${decimalLatex(value.text)}`;
}

/** More sliders than these nobody moves, and each costs when the page is drawn. */
const MOST_SHOWN = 60;

/** Steps of a slider without what binary fractions leave behind. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
