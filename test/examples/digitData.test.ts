import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Dataset, digits as drawn } from "@chainrule/nn";
import { run } from "chainrule";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digits } from "../../examples/digits.ts";
import { mnistDigits } from "../../examples/support/digitData.ts";
import { quiet } from "../../examples/support/example.ts";

let folder = "";

/** Header of an IDX file of bytes: two zeros, type 8, the number of axes, their sizes, big-endian. */
function idx(shape: readonly number[], bytes: ArrayLike<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint16(2, 0x0800 + shape.length);
  shape.forEach((size, axis) => {
    header.setUint32(4 + 4 * axis, size);
  });
  return Buffer.concat([Buffer.from(header.buffer), Uint8Array.from(bytes)]);
}

function save(name: string, { inputs, targets }: Dataset, [images, labels]: readonly string[]) {
  const [examples = 0, , height = 0, width = 0] = inputs.shape;
  const ink = inputs.data.map((value: number) => Math.round(255 * value));
  const file = (kind: string, bytes: Uint8Array): void => {
    const packed = kind.endsWith(".gz") ? gzipSync(bytes) : bytes;
    writeFileSync(join(folder, `${name}-${kind}`), packed);
  };
  file(images ?? "", idx([examples, height, width], ink));
  file(labels ?? "", idx([examples], targets.data));
}

const heldOut = drawn({ examples: 200, size: 12, seed: 2 });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-mnist-"));
  const names = ["images-idx3-ubyte.gz", "labels-idx1-ubyte"];
  save("train", drawn({ examples: 1000, size: 12, seed: 1 }), names);
  save("t10k", heldOut, ["images-idx3-ubyte", "labels-idx1-ubyte.gz"]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function train(...args: readonly string[]) {
  let error = "";
  const code = await run(["train", ...args], {
    out: () => undefined,
    error: (text) => {
      error += text;
    },
    color: false,
  });
  return { code, error };
}

describe("digits from files", () => {
  it("are learnt in place of those drawn", async () => {
    const result = await digits.run({ ...quiet(1), data: folder });
    expect(result.pooled[0]).toBeGreaterThan(0.9);
    // The drawings of the files are 12 pixels wide: moved by two, fewer are read than of 16.
    expect(result.pooled[2]).toBeLessThan(result.pooled[0] as number);
  });

  it("are moved to the right with nothing behind them", async () => {
    const read = await mnistDigits(folder);
    expect(read.learnt.inputs.shape).toEqual([1000, 1, 12, 12]);
    const [still, moved] = [read.heldOut(0).inputs.data, read.heldOut(2).inputs.data];
    expect(Math.abs((still[5000] as number) - (heldOut.inputs.data[5000] as number))).toBeLessThan(
      1 / 255,
    );
    for (let at = 0; at < still.length; at++) {
      expect(moved[at]).toBe(at % 12 < 2 ? 0 : still[at - 2]);
    }
  });

  it("are missed with the name of the folder or file", async () => {
    await expect(mnistDigits(join(folder, "none"))).rejects.toThrow(
      /must name a folder, got .*none/,
    );
    const empty = mkdtempSync(join(folder, "empty-"));
    await expect(mnistDigits(empty)).rejects.toThrow(/got no train-images-idx3-ubyte but nothing/);
    await expect(mnistDigits(tmpdir())).rejects.toThrow(/digits: .* must hold train-images/);
  });

  it("are refused by the command where a folder holds none, and by other examples", async () => {
    const foreign = await train("digits", "--data", join(folder, "none"));
    expect(foreign.code).toBe(2);
    const other = await train("xor", "--data", folder);
    expect(other.code).toBe(2);
  });
});
