import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parseIdx, readIdx, readMnist } from "@chainrule/nn/node";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "chainrule-idx-"));
afterAll(() => rmSync(folder, { recursive: true }));

function idx(type: number, shape: readonly number[], data: readonly number[]): Uint8Array {
  const sizes = shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...data]);
}

function file(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

describe("IDX", () => {
  it("gives numbers of every type, most significant byte first", () => {
    const of = (type: number, ...data: number[]) => {
      const size = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 }[type] as number;
      const tensor = parseIdx(idx(type, [data.length / size], data));
      return [tensor.dtype, ...tensor.data];
    };
    expect(of(8, 1, 255)).toEqual(["i32", 1, 255]);
    expect(of(9, 1, 255)).toEqual(["i32", 1, -1]);
    expect(of(11, 1, 2, 255, 255)).toEqual(["i32", 258, -1]);
    expect(of(12, 0, 1, 0, 0)).toEqual(["i32", 65536]);
    expect(of(13, 0x3f, 0x80, 0, 0)).toEqual(["f32", 1]);
    expect(of(14, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0)).toEqual(["f64", -1]);
  });

  it("reads images and labels of MNIST, gzip or not", async () => {
    const images = idx(8, [2, 1, 2], [0, 255, 51, 102]);
    const labels = idx(8, [2], [7, 3]);
    const plain = await readMnist(file("images", images), file("labels", labels));
    expect(plain.inputs.shape).toEqual([2, 1, 1, 2]);
    expect(plain.inputs.data).toEqual(Float32Array.of(0, 1, 0.2, 0.4));
    expect(plain.targets.toArray()).toEqual([7, 3]);
    const zipped = [file("i.gz", gzipSync(images)), file("l.gz", gzipSync(labels))] as const;
    expect(await readMnist(...zipped)).toEqual(plain);
    await expect(readMnist(zipped[1], zipped[0])).rejects.toThrow("[examples, height, width]");
    const one = file("one", idx(8, [1], [7]));
    await expect(readMnist(zipped[0], one)).rejects.toThrow("each of 2 images, got [1]");
  });

  it("tells truncated and hostile files", async () => {
    const whole = idx(8, [2, 3], [1, 2, 3, 4, 5, 6]);
    for (let end = 0; end < whole.length; end++) {
      expect(() => parseIdx(whole.slice(0, end))).toThrow(/must (?:begin|hold|be followed)/);
    }
    expect(() => parseIdx(idx(8, [1], [1, 2]))).toThrow("got more");
    expect(() => parseIdx(idx(10, [1], [1]))).toThrow("begin as IDX");
    const vast = idx(14, [0xffffffff, 0xffffffff, 0xffffffff], []);
    expect(() => parseIdx(vast)).toThrow("at most 1073741824 bytes");
    await expect(readIdx(file("vast.gz", gzipSync(vast)))).rejects.toThrow("at most 1073741824");
    const zipped = gzipSync(whole);
    const cut = file("cut.gz", zipped.subarray(0, zipped.length - 12));
    await expect(readIdx(cut)).rejects.toThrow(/whole gzip|be followed/);
    // 64 MiB of zeros behind a header that asks for two bytes: three are read.
    const bomb = Buffer.concat([idx(8, [2], []), Buffer.alloc(2 ** 26)]);
    await expect(readIdx(file("bomb.gz", gzipSync(bomb)))).rejects.toThrow(
      "10 bytes in all, got more",
    );
    await expect(readIdx(file("plain", whole), { limit: 17 })).rejects.toThrow("at most 17 bytes");
  });

  it("never fails in another way, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(16), (rest, type) => {
        const bytes = Uint8Array.from([0, 0, type, ...rest]);
        try {
          const { shape, data } = parseIdx(bytes, { limit: 1000 });
          expect(data.length).toBe(shape.reduce((all, size) => all * size, 1));
        } catch (error) {
          expect((error as Error).name).toBe("ArgumentError");
        }
      }),
    );
  });
});
