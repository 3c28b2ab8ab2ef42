import { isWithin, StateReader } from "../../state/StateReader.ts";
import type { ReadState } from "../room.ts";

/** What stands below the graph. */
export const panels = ["derivation", "paths", "nudge", "quiz"] as const;
/** The derivation, the paths, a nudge of a variable, or questions. */
export type PanelId = (typeof panels)[number];

/** Which nodes are steps: those with a name, or every operation. */
export const details = ["names", "operations"] as const;
/** How finely the walk goes. */
export type Detail = (typeof details)[number];

/** How a derivative is found: path by path, or by one reverse sweep. */
export const ways = ["paths", "sweep"] as const;
/** One of both. */
export type Way = (typeof ways)[number];

/** All that the room shows. */
export interface ChainRuleState {
  /** The expression as it is typed. */
  readonly text: string;
  /** Numbers chosen for variables; others have that of the text, or their beginning. */
  readonly values: Readonly<Record<string, number>>;
  /** The step of the walk; undefined: its end, with everything in sight. */
  readonly step?: number | undefined;
  readonly detail: Detail;
  readonly panel: PanelId;
  /** The variable of the derivative; the first one where the expression has none of this name. */
  readonly wrt: string;
  readonly way: Way;
  /** How far the variable is nudged. */
  readonly delta: number;
  /** The question of the quiz, counted from 0. */
  readonly question: number;
}

/** Letters of an expression. */
export const LONGEST_TEXT = 20_000;
/** Variables whose numbers a link holds. */
const MOST_VALUES = 2000;
/** Numbers of variables; beyond, a drawing's labels say nothing. */
export const LARGEST_VALUE = 1e9;
/** A nudge is small. */
export const LARGEST_DELTA = 2;
/** Steps and questions of a link; the room takes the last there is. */
const MOST_STEPS = 100_000;

/** The lecture's first graph, alive. */
export const initial: ChainRuleState = {
  text: "L = c(a + 2b)",
  values: { a: 3, b: 1, c: -2 },
  detail: "names",
  panel: "derivation",
  wrt: "b",
  way: "paths",
  delta: 0.5,
  question: 0,
};

/** The state of a permalink. */
export function readChainRule(json: unknown): ReadState<ChainRuleState> {
  const reader = new StateReader(json);
  const text = (key: string, beginning: string, longest: number): string =>
    reader.part(key, beginning, `must be a text of at most ${longest} letters`, (found) =>
      typeof found === "string" && found.length <= longest ? found : undefined,
    );
  const expression = text("text", initial.text, LONGEST_TEXT);
  const own = expression === initial.text;
  const step = reader.whole("step", -1, 0, MOST_STEPS);
  const state: ChainRuleState = {
    text: expression,
    values: reader.part("values", own ? initial.values : {}, NUMBERS, readValues),
    ...(step < 0 ? {} : { step }),
    detail: reader.choice("detail", initial.detail, details),
    panel: reader.choice("panel", initial.panel, panels),
    wrt: text("wrt", own ? initial.wrt : "", 200),
    way: reader.choice("way", initial.way, ways),
    delta: reader.number("delta", initial.delta, -LARGEST_DELTA, LARGEST_DELTA),
    question: reader.whole("question", 0, 0, MOST_STEPS),
  };
  return { state, notes: reader.notes };
}

const NUMBERS = `must be at most ${MOST_VALUES} numbers by name, none beyond ${LARGEST_VALUE}`;

function readValues(found: unknown): Readonly<Record<string, number>> | undefined {
  if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
  const entries = Object.entries(found);
  const fits =
    entries.length <= MOST_VALUES &&
    entries.every(([, value]) => isWithin(value, -LARGEST_VALUE, LARGEST_VALUE));
  return fits ? (Object.fromEntries(entries) as Record<string, number>) : undefined;
}
