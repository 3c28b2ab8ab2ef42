import { spawnSync } from "node:child_process";
import { describe, it } from "vitest";
import tools from "./tools.json" with { type: "json" };

/** A tool beyond Node; `tools.json` says how it shows itself and which Debian packages hold it. */
export type Tool = keyof typeof tools;

/** What becomes of tests whose tools are partly missing. */
export type Fate = "run" | "skip" | "fail";

/** Without a tool tests are skipped; they fail where every tool must be present. */
export function fateOf(missing: readonly string[], required: boolean): Fate {
  if (missing.length === 0) return "run";
  return required ? "fail" : "skip";
}

const known = new Map<Tool, boolean>();

/** Whether the tool answers on this machine. */
export function hasTool(tool: Tool): boolean {
  const found = known.get(tool) ?? answers(tools[tool].probe);
  known.set(tool, found);
  return found;
}

/** Whether a command is there and ends well. */
export function answers([command = "", ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** `.ci/run` sets it after installing everything. */
const required = process.env["CHAINRULE_REQUIRE_TOOLS"] === "1";

/** One test in place of those that cannot run, with the reason where every reporter shows it. */
function standIn(title: string, fate: Fate, missing: readonly Tool[]): void {
  const reason = `needs ${missing.join(", ")}: not on this machine`;
  if (fate === "skip") console.warn(`skipped: ${title} ${reason}`);
  it(`${title} (${reason})`, ({ skip }) => {
    if (fate === "skip") skip(reason);
    throw new Error(`${title}: every tool must be present, got none of ${missing.join(", ")}`);
  });
}

/** A suite that needs tools beyond Node: skipped with a visible line where one is missing. */
export function describeWith(needed: Tool | readonly Tool[], title: string, body: () => void) {
  const missing = [needed].flat().filter((tool) => !hasTool(tool));
  const fate = fateOf(missing, required);
  if (fate === "run") describe(title, body);
  else standIn(title, fate, missing);
}

/** A test that needs tools beyond Node: skipped with a visible line where one is missing. */
export function itWith(
  needed: Tool | readonly Tool[],
  title: string,
  body: () => void | Promise<void>,
  timeout?: number,
) {
  const missing = [needed].flat().filter((tool) => !hasTool(tool));
  const fate = fateOf(missing, required);
  if (fate === "run") it(title, body, timeout);
  else standIn(title, fate, missing);
}
