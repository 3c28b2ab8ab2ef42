import type { Program } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { checkAnswer, readClaim } from "@chainrule/render/classroom";
import type { Output } from "./output.ts";
import { listVariables, refuseUnfit, valuesFromWords } from "./values.ts";

/** Options of `check`. */
export interface CheckOptions {
  readonly functions?: readonly string[];
  readonly rate?: number;
  readonly format: "text" | "json";
}

/** The command `chainrule check TEXT ANSWER …`. Gives whether the answer is right. */
export function check(
  text: string,
  answer: string,
  words: readonly string[],
  options: CheckOptions,
  output: Output,
): boolean {
  const { functions, rate } = options;
  const given = valuesFromWords(words);
  const program: Program = parse(text, {
    variables: listVariables(text, given),
    functions: functions ?? [],
  });
  const claim = readClaim(answer);
  if (Object.keys(given).length > 0) {
    refuseUnfit({ ...program.values, ...given }, program, program.result);
  }
  const checked = checkAnswer(program, claim, {
    at: given,
    ...(rate === undefined ? {} : { rate }),
  });
  if (options.format === "json") {
    output.out(`${JSON.stringify({ ...claim, ...checked }, null, 2)}\n`);
    return checked.correct;
  }
  const { correct, expected, mistakes, method } = checked;
  const head = `∂${claim.of}/∂${claim.by} = ${expected}`;
  if (correct) output.out(`Right: ${head} (${HOW[method] ?? method}).\n`);
  else {
    const lines = mistakes.map(({ name, sentence }) => `  ${name}: ${sentence}\n`);
    const reasons =
      lines.length > 0 ? lines.join("") : "  No known mistake leads to this answer.\n";
    output.out(
      `Wrong: ${claim.answer} is not ∂${claim.of}/∂${claim.by}.\n${reasons}Answer: ${head}\n`,
    );
  }
  return correct;
}

const HOW: Readonly<Record<string, string>> = {
  structure: "the same formula",
  simplification: "the difference simplifies to 0",
  points: "equal at random points",
  value: "the same value",
};
