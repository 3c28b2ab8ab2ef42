import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../scripts/reference", import.meta.url));

interface Told {
  /** Exports without a docstring, as `package/src.name`. */
  readonly undocumented: readonly string[];
  /** Other warnings: links and paths that lead nowhere. */
  readonly others: readonly string[];
}

/** What TypeDoc complains about; members may explain themselves by their names. */
function readWarnings(output: string): Told {
  const warnings = output.split("\n").filter((line) => /\[(?:warning|error)\]/.test(line));
  const silent = / ([^\s.]+)\.([\w.$]+) \(\w+\), defined in .* does not have any documentation/;
  return {
    undocumented: warnings.flatMap((line) => {
      const [, module, name = "."] = silent.exec(line) ?? [];
      return name.includes(".") ? [] : [`${module}.${name}`];
    }),
    others: warnings.filter((line) => !silent.test(line) && !/Found \d+ errors/.test(line)),
  };
}

it("tells exports from members, and links from docstrings", () => {
  const output = [
    "[warning] core/src.grad (CallSignature), defined in @chainrule/core/src/a.ts, does not have any documentation",
    "[warning] core/src.Order.has (CallSignature), defined in @chainrule/core/src/b.ts, does not have any documentation",
    '[warning] Failed to resolve link to "nothing" in comment for core/src.vjp',
    "[warning] Found 0 errors and 3 warnings",
  ].join("\n");
  const { undocumented, others } = readWarnings(output);
  expect(undocumented).toEqual(["core/src.grad"]);
  expect(others).toHaveLength(1);
});

it("every export has a docstring, and every link in one leads somewhere", () => {
  const { stdout, stderr, status } = spawnSync(
    join(folder, "node_modules", ".bin", "typedoc"),
    [
      ...["--options", join(folder, "typedoc.config.mjs")],
      ...["--emit", "none", "--pretty", "false", "--validation.notDocumented", "true"],
    ],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  expect(status, stderr).toBe(0);
  const { undocumented, others } = readWarnings(stdout + stderr);
  expect(undocumented).toEqual([]);
  expect(others).toEqual([]);
}, 120_000);
