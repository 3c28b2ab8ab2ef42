import { build } from "esbuild";
import { expect, it } from "vitest";

it("is bundled for browsers without anything of Node", async () => {
  const { outputFiles, warnings } = await build({
    stdin: {
      contents: 'import * as nn from "@chainrule/nn"; console.log(nn);',
      resolveDir: import.meta.dirname,
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["@chainrule/source"],
    write: false,
    logLevel: "silent",
  });
  const text = outputFiles[0]?.text ?? "";
  expect(warnings).toEqual([]);
  expect(text).toContain("keep the bytes of t.checkpoint()");
  expect(text).not.toMatch(/from\s*"node:|require\("(?:node:)?fs/);
});
