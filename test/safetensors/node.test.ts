import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode, SafetensorsError, type Tensor } from "@chainrule/safetensors";
import {
  openSafetensorsFile,
  readSafetensorsFile,
  writeSafetensorsFile,
} from "@chainrule/safetensors/node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileOf } from "./arbitraries.ts";

const tensors: Record<string, Tensor> = {
  w: { dtype: "F32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  steps: { dtype: "I64", shape: [], data: BigInt64Array.of(9n) },
};

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-safetensors-"));
  path = join(folder, "model.safetensors");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeSafetensorsFile", () => {
  test("writes what encode gives, and nothing else", async () => {
    await writeSafetensorsFile(path, tensors, { epoch: "1" });
    expect(new Uint8Array(readFileSync(path))).toEqual(encode(tensors, { epoch: "1" }));
    expect(readdirSync(folder)).toEqual(["model.safetensors"]);
  });

  test("keeps permissions and follows links", async () => {
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    const link = join(folder, "link");
    symlinkSync(path, link);
    await writeSafetensorsFile(link, tensors);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(new Uint8Array(readFileSync(path))).toEqual(encode(tensors));
  });

  test("leaves the old file and no other where it fails", async () => {
    writeFileSync(path, "old");
    const wrong = { w: { dtype: "F32", shape: [3], data: new Float32Array(2) } } as const;
    await expect(writeSafetensorsFile(path, wrong)).rejects.toThrow(SafetensorsError);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["model.safetensors"]);

    const directory = join(folder, "directory");
    mkdirSync(join(directory, "full"), { recursive: true });
    await expect(writeSafetensorsFile(directory, tensors)).rejects.toThrow(
      /EISDIR|ENOTEMPTY|EEXIST|EPERM/,
    );
    await expect(writeSafetensorsFile(join(folder, "no", "file"), tensors)).rejects.toThrow(
      "ENOENT",
    );
    expect(readdirSync(folder).sort()).toEqual(["directory", "model.safetensors"]);
  });

  test("passes over names that a dead process left, and by others that write at once", async () => {
    const left = `${path}.${process.pid}-1.tmp`;
    writeFileSync(left, "left");
    const versions = [1, 2, 3, 4, 5].map((x): Record<string, Tensor> => {
      return { w: { dtype: "F64", shape: [1000], data: new Float64Array(1000).fill(x) } };
    });
    await Promise.all(versions.map((version) => writeSafetensorsFile(path, version)));
    const { tensors: read } = await readSafetensorsFile(path);
    expect(new Set<unknown>(read.get("w")?.data).size).toBe(1);
    expect(readFileSync(left, "utf8")).toBe("left");
    expect(readdirSync(folder).length).toBe(2);
  });

  test("killed at any moment, leaves the old file or the new", { timeout: 120_000 }, async () => {
    let midway = 0;
    for (let attempt = 0; attempt < 40 && midway < 4; attempt++) {
      const child = startWriter(path);
      await temporaryOf(child, folder, midway + 1);
      child.kill("SIGKILL");
      await once(child, "exit");
      midway = readdirSync(folder).filter((name) => name.endsWith(".tmp")).length;
      const { tensors: read, metadata } = decode(new Uint8Array(readFileSync(path)));
      expect(new Set<unknown>(read.get("w")?.data)).toEqual(
        new Set([Number(metadata.get("version"))]),
      );
    }
    expect(midway).toBe(4);
  });
});

/** A process that writes one large file after another to the same path. */
function startWriter(target: string): ChildProcess {
  const script = fileURLToPath(new URL("writer.ts", import.meta.url));
  const options = ["--import", "tsx", "--conditions", "@chainrule/source"];
  return spawn(process.execPath, [...options, script, target], {
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** Waits until the file itself and `count` temporary ones with some content are seen. */
async function temporaryOf(child: ChildProcess, inFolder: string, count: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the writer ended with ${child.exitCode}`);
    const names = readdirSync(inFolder);
    const started = names
      .filter((name) => name.endsWith(".tmp"))
      .filter((name) => {
        return (statSync(join(inFolder, name), { throwIfNoEntry: false })?.size ?? 0) > 0;
      });
    if (names.includes("model.safetensors") && started.length >= count) return;
    await new Promise((resume) => setTimeout(resume, 1));
  }
}

describe("readSafetensorsFile and openSafetensorsFile", () => {
  test("read what was written", async () => {
    await writeSafetensorsFile(path, tensors, { epoch: "1" });
    const whole = await readSafetensorsFile(path);
    expect(whole.tensors.get("w")).toEqual(tensors["w"]);
    expect(whole.metadata.get("epoch")).toBe("1");

    const file = await openSafetensorsFile(path);
    expect([...file.tensors.keys()]).toEqual(["steps", "w"]);
    expect(await file.read("steps")).toEqual(tensors["steps"]);
    expect((await file.read("w", { from: 1 })).data).toEqual(Float32Array.of(3, 4));
    await file.close();
    await expect(file.read("w")).rejects.toThrow("closed");
  });

  test("refuse what is no file, no safetensors file, or cut off", async () => {
    await expect(readSafetensorsFile(path)).rejects.toThrow("ENOENT");
    for (const read of [readSafetensorsFile, openSafetensorsFile]) {
      await expect(read(folder)).rejects.toThrow(`${folder}: must be a file, got a directory`);
      writeFileSync(path, fileOf('{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}', 8));
      await expect(read(path)).rejects.toThrow("must lie within the 8 bytes of data");
      writeFileSync(path, "short");
      await expect(read(path)).rejects.toThrow("must have at least 8 bytes, got 5");
    }
  });

  test("a file that is cut while open is an error", async () => {
    await writeSafetensorsFile(path, tensors);
    const file = await openSafetensorsFile(path);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    await expect(file.read("w")).rejects.toThrow(/source: must give 16 bytes from \d+, got 15/);
    await file.close();
  });
});
