import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sourcesBelow } from "./imports.ts";
import { answers, fateOf } from "./requireTool.ts";
import tools from "./tools.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("tests that need tools", () => {
  it("run with all of them; without, they skip, or fail where all must be present", () => {
    expect(fateOf([], true)).toBe("run");
    expect(fateOf(["gcc"], false)).toBe("skip");
    expect(fateOf(["gcc"], true)).toBe("fail");
  });

  it("see whether a tool is there", () => {
    expect(answers(["node", "--version"])).toBe(true);
    expect(answers(["node", "--no-such-option"])).toBe(false);
    expect(answers(["no-such-command-here"])).toBe(false);
  });

  it("use every tool that .ci/run installs", () => {
    const texts = sourcesBelow(root, "test").map(({ text }) => text);
    for (const name of Object.keys(tools)) {
      const asks = new RegExp(`(?:describeWith|itWith)\\(\\s*\\[?[^\\])]*"${name}"`);
      expect(
        texts.some((text) => asks.test(text)),
        name,
      ).toBe(true);
    }
  });

  it("are all known to .ci/run, which reads the same list", () => {
    expect(readFileSync(`${root}/.ci/run`, "utf8")).toContain("test/support/tools.json");
  });
});
