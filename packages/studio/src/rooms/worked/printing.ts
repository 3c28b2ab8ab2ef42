import { type Digits, type Rounding, roundNumber } from "@chainrule/render";

/** How numbers may be printed. */
export const digitsChoices = ["lecture", "ten", "all"] as const;
/** Cut off after five decimals as in the lecture, ten significant digits, or all there are. */
export type DigitsChoice = (typeof digitsChoices)[number];

/** Digits and rounding, both said. */
interface Format {
  readonly digits: Digits;
  readonly rounding: Rounding;
}

/** What each choice means to the printers; every double is told from all others by 17 digits. */
export const formats: Readonly<Record<DigitsChoice, Format>> = {
  lecture: { digits: { fixed: 5 }, rounding: "trunc" },
  ten: { digits: 10, rounding: "half-even" },
  all: { digits: 17, rounding: "half-even" },
};

/** A number as the pages print it. */
export function printed(value: number, choice: DigitsChoice): string {
  return roundNumber(value, formats[choice]).text.replace("-", "−");
}

/** A number as short as a drawing needs it. */
export function brief(value: number, choice: DigitsChoice): string {
  return printed(value, choice === "all" ? "ten" : choice).slice(0, 8);
}
