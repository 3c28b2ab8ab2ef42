import { ratioText } from "@chainrule/interop/latex";
import type { PaperClaim } from "./checkPaper.ts";
import type { Paper } from "./readPaper.ts";

const how: Readonly<Record<string, string>> = {
  structure: "the same formula",
  simplification: "the difference simplifies to 0",
  points: "equal at random points",
  value: "the same value",
};

/** The claims of a paper line by line, and how many are right. */
export function printClaims({ path }: Paper, claims: readonly PaperClaim[]): string {
  const right = claims.filter(({ correct }) => correct).length;
  const count = claims.length === 1 ? "1 claim" : `${claims.length} claims`;
  return `${claims.map((claim) => printClaim(path, claim)).join("")}${count}, ${right} right, ${claims.length - right} wrong.\n`;
}

function printClaim(path: string, claim: PaperClaim): string {
  const { line, column, latex, at: point, correct, expected, method, mistakes } = claim;
  const where = point === undefined ? "" : ` at ${pointText(point)}`;
  const head = `${path}:${line}:${column}: ${ratioText(claim)} = ${latex}${where}`;
  const { differences, counterexample } = claim;
  const compared =
    differences === undefined ? "" : `; differences off by ${differences.toExponential(0)}`;
  if (correct) return `${head}: right (${how[method] ?? method}${compared})\n`;
  const lines = [`${head}: wrong`, `  right: ${expected}`];
  if (counterexample !== undefined) {
    const { at, claimed, derivative } = counterexample;
    lines.push(`  at ${pointText(at)} it is ${shown(derivative)}, not ${shown(claimed)}`);
  }
  const reasons = mistakes.map(({ name, sentence }) => `  ${name}: ${sentence}`);
  lines.push(...(reasons.length > 0 ? reasons : ["  No known mistake leads to this answer."]));
  return `${lines.join("\n")}\n`;
}

function pointText(point: Readonly<Record<string, number>>): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} = ${shown(value)}`)
    .join(", ");
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
