import type { Block } from "../derivation/document.ts";
import { findings } from "./lectureFindings.ts";
import { heading, paragraph } from "./words.ts";

/** A claim of the lecture, how it was put to the test, and what came out. */
export interface Finding {
  readonly number: number;
  /** Section of the lecture. */
  readonly section: number;
  readonly claim: string;
  readonly experiment: string;
  /** The numbers in words. */
  readonly measured: string;
  /** "true", "false", or "when …". */
  readonly verdict: string;
}

/** What some sections of the lecture claim, with what was measured. */
export function lectureClaims(title: string, sections: readonly number[]): Block[] {
  const own = findings.filter(({ section }) => sections.includes(section));
  return [
    heading(title),
    ...own.flatMap(({ number, claim, experiment, measured, verdict }) => [
      paragraph(`Claim ${number}. ${claim}`),
      paragraph(`Put to the test: ${experiment} Measured: ${measured}.`),
      paragraph(`Verdict: ${verdict}.`),
    ]),
  ];
}
