import { ArgumentError } from "../errors.ts";

/** Throws ArgumentError unless a function gets as many arguments as it takes. */
export function checkCount(name: string, got: number, least: number, most: number): void {
  if (got >= least && got <= most) return;
  const range =
    least === most
      ? `${least}`
      : Number.isFinite(most)
        ? `${least} to ${most}`
        : `${least} or more`;
  const noun = range === "1" ? "argument" : "arguments";
  throw new ArgumentError(`${name}: there must be ${range} ${noun}, got ${got}`);
}
