import type { Reading } from "../rooms/chainRule/readText.ts";
import { type Problem, readText } from "../rooms/chainRule/readText.ts";
import { type Part, readStep, readValues, readView, unknownNames } from "./attributes.ts";

/** What the attributes ask for, read whole. */
export interface Settings {
  readonly reading: Reading;
  readonly values: Readonly<Record<string, number>>;
  /** The variable of the derivative, if one is named. */
  readonly wrt: string | undefined;
  readonly step: number | "last";
  readonly view: readonly Part[];
}

/** The attributes as texts; an empty one is absent. */
export type AttributeTexts = Readonly<Record<"values" | "wrt" | "step" | "view", string>>;

/** What an element shows, or what is wrong with one attribute. */
export type ReadSettings =
  | { readonly settings: Settings }
  | { readonly problem: string; readonly place?: { readonly text: string; readonly at: number } };

/** Reads an expression for an element; a problem has its place in the text, where it has one. */
export function readExpression(
  expr: string,
): { readonly reading: Reading } | { readonly problem: Problem } {
  if (expr.trim() === "") {
    const message = "must be an expression such as c(a + 2b), got nothing";
    return { problem: { message, offset: undefined } };
  }
  return readText(expr);
}

/** Holds the other attributes against an expression that was read; never throws. */
export function readSettings(reading: Reading, texts: AttributeTexts): ReadSettings {
  const values = readValues(texts.values);
  if ("problem" in values) return values;
  const step = readStep(texts.step);
  if ("problem" in step) return step;
  const view = readView(texts.view);
  if ("problem" in view) return view;
  const { inputs } = reading;
  const wrt = texts.wrt.trim();
  const problem =
    unknownNames("values", Object.keys(values.value), inputs) ??
    (wrt === "" ? undefined : unknownNames("wrt", [wrt], inputs));
  if (problem !== undefined) return { problem };
  return {
    settings: {
      reading,
      values: values.value,
      wrt: wrt === "" ? undefined : wrt,
      step: step.value,
      view: view.value,
    },
  };
}
