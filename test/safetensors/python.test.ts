import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dtypes, encode, fromNumbers, type Tensor, toNumbers } from "@chainrule/safetensors";
import fc from "fast-check";
import { expect } from "vitest";
import { itWith } from "../support/requireTool.ts";
import { allDTypes, contents, rawBytes, tensorOf } from "./arbitraries.ts";

/** The elements as reader.py prints them. */
function printed(tensor: Tensor): unknown[] {
  const { dtype, data } = tensor;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const limit = 2n ** 53n;
    return Array.from(data, (x) => (x > limit || x < -limit ? `${x}` : Number(x)));
  }
  if (/^(F8|C)/.test(dtype)) return [...rawBytes(data)];
  return Array.from(toNumbers(tensor, dtype), (x) => {
    if (Number.isNaN(x)) return "nan";
    if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
    return x;
  });
}

itWith("python3", "Python's struct and json read the same", () => {
  const descending = Uint8Array.from({ length: 32 }, (_, i) => 255 - 9 * i);
  const extremes = allDTypes.map((dtype): [string, Tensor] => {
    return [dtype, tensorOf(dtype, [2, 2], descending.slice(0, 4 * dtypes[dtype].bytes))];
  });
  const files = [
    { tensors: new Map(extremes), metadata: new Map([["π", '"\\\n']]) },
    {
      tensors: new Map([
        ["half", fromNumbers("F16", [6], [0.1, -0, 6e-8, 65504, 1e9, Number.NaN], "half")],
        ["brain", fromNumbers("BF16", [5], [0.1, -0, 1e-40, 3e38, -Infinity], "brain")],
        ["ids", fromNumbers("I64", [2], [-(2 ** 53), 2 ** 62], "ids")],
      ]),
      metadata: new Map<string, string>(),
    },
    // A fixed seed: the files are made before the property is known to fail, and cannot shrink.
    ...fc.sample(contents, { numRuns: 100, seed: 8 }),
  ];
  const folder = mkdtempSync(join(tmpdir(), "chainrule-safetensors-"));
  try {
    const paths = files.map(({ tensors, metadata }, i) => {
      const path = join(folder, `${i}.safetensors`);
      writeFileSync(path, encode(tensors, metadata));
      return path;
    });
    const reader = fileURLToPath(new URL("reader.py", import.meta.url));
    const { stdout, stderr } = spawnSync("python3", [reader, ...paths], { encoding: "utf8" });
    expect(stderr).toBe("");
    const read: unknown = JSON.parse(stdout);
    expect(read).toEqual(
      files.map(({ tensors, metadata }) => ({
        tensors: ownEntries(
          [...tensors].map(([name, tensor]) => [
            name,
            { dtype: tensor.dtype, shape: tensor.shape, values: printed(tensor) },
          ]),
        ),
        metadata: ownEntries([...metadata]),
      })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** As `JSON.parse` makes objects: "__proto__" is a key like any other. */
function ownEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries);
}
