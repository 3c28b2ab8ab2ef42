import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { respond } from "../../../bench/gradbench/respond.ts";

interface Golden {
  readonly module: string;
  readonly function: string;
  readonly input: unknown;
  readonly output: unknown;
}

const path = fileURLToPath(new URL("goldens.json", import.meta.url));
const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Golden[] };

/** Leaves by path. */
function leaves(value: unknown, at = "", into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== "object" || value === null) into.set(at, value);
  else for (const [key, item] of Object.entries(value)) leaves(item, `${at}.${key}`, into);
  return into;
}

// The hand-written derivatives of the suite's own tool, see `origin` in the file. The suite allows 1e-4; sums in another
// order differ by far less, except the gradient of `ode`, for which that tool differentiates the limit of many steps.
describe("answers are those of the suite's reference", () => {
  for (const [index, golden] of cases.entries()) {
    it(`${golden.module} ${golden.function} (${index})`, () => {
      const response = respond({ id: 1, kind: "evaluate", ...golden });
      expect(response["error"]).toBeUndefined();
      const [actual, wanted] = [leaves(response["output"]), leaves(golden.output)];
      expect([...actual.keys()].sort()).toEqual([...wanted.keys()].sort());
      const isLimit = golden.module === "ode" && golden.function === "gradient";
      for (const [key, value] of wanted) {
        const difference = Math.abs((actual.get(key) as number) - (value as number));
        const size = Math.max(1, Math.abs(value as number));
        expect(difference / size, key).toBeLessThan(isLimit ? 1e-6 : 1e-10);
      }
    });
  }
});
