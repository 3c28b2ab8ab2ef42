import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Timing } from "../../../bench/gradbench/clock.ts";
import { evals } from "../../../bench/gradbench/evals/index.ts";
import { respond } from "../../../bench/gradbench/respond.ts";
import { serve } from "../../../bench/gradbench/serve.ts";

const square = { kind: "evaluate", module: "llsq", function: "gradient" };
const runs = (response: Record<string, unknown>): number =>
  (response["timings"] as Timing[]).filter(({ name }) => name === "evaluate").length;

describe("respond", () => {
  it("names the tool, and answers what it does not know by the number alone", () => {
    expect(respond({ id: 0, kind: "start", eval: "lse" })).toEqual({ id: 0, tool: "chainrule" });
    expect(respond({ id: 4, kind: "analysis", of: 2, valid: true })).toEqual({ id: 4 });
  });

  it("defines the twelve evals and no other module", () => {
    expect(evals.size).toBe(12);
    for (const module of evals.keys()) {
      expect(respond({ id: 1, kind: "define", module })).toEqual({ id: 1, success: true });
    }
    const refused = respond({ id: 2, kind: "define", module: "toString" });
    expect(refused).toMatchObject({ id: 2, success: false });
    expect(refused["error"]).toContain('"toString"');
  });

  it("answers unknown functions and bad inputs as failure", () => {
    for (const wrong of [
      { module: "llsq", function: "toString", input: {} },
      { module: "none", function: "primal", input: {} },
      { module: "llsq", function: "primal", input: { x: "no", n: 3 } },
      { module: "hello", function: "double", input: null },
    ]) {
      const response = respond({ id: 3, kind: "evaluate", ...wrong });
      expect(response, JSON.stringify(wrong)).toMatchObject({ id: 3, success: false });
      expect(response["output"]).toBeUndefined();
    }
  });

  it("runs as often and as long as is asked, and times set-up by other names", () => {
    const input = { x: [1, 2], n: 4 };
    expect(runs(respond({ id: 5, ...square, input }))).toBe(1);
    expect(runs(respond({ id: 6, ...square, input: { ...input, min_runs: 7 } }))).toBe(7);
    const long = respond({ id: 7, ...square, input: { ...input, min_runs: 2, min_seconds: 0.02 } });
    const timings = (long["timings"] as Timing[]).filter(({ name }) => name === "evaluate");
    const spent = timings.reduce((total, { nanoseconds }) => total + nanoseconds, 0);
    expect(spent).toBeGreaterThanOrEqual(0.02e9);
    expect(spent - (timings.at(-1)?.nanoseconds ?? 0)).toBeLessThan(0.02e9);
    const fresh = respond({ id: 8, ...square, input: { x: [1, 2, 3], n: 5 } });
    const names = (fresh["timings"] as Timing[]).map(({ name }) => name);
    expect(names).toEqual(["trace", "compile", "prepare", "evaluate"]);
  });
});

describe("serve", () => {
  it("answers a line by a line, in order", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const done = serve(input, output);
    input.write('{"id":0,"kind":"start"}\n\n{"id":1,"kind":"define","module":"foo"}\n');
    input.end('{"id":2,"kind":"evaluate","module":"hello","function":"double","input":3.5}');
    await done;
    const lines = String(output.read()).trim().split("\n");
    const answers = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(answers[1]?.["success"]).toBe(false);
    expect(answers[2]).toMatchObject({ success: true, output: 7 });
  });
});
