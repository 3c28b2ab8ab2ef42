import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readText } from "@chainrule/nn/node";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "chainrule-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("text files", () => {
  it("come one after another, by name, those of folders too", async () => {
    mkdirSync(join(folder, "b"));
    mkdirSync(join(folder, "folder.txt"));
    writeFileSync(join(folder, "c.md"), "drei 🙂");
    writeFileSync(join(folder, "b", "x.txt"), "zwei");
    writeFileSync(join(folder, "a.txt"), "\ufeffeins");
    writeFileSync(join(folder, "data.csv"), "1,2");
    expect(await readText(folder)).toBe("eins\n\nzwei\n\ndrei 🙂");
    expect(await readText(folder, { endings: [".csv", ".md"], between: "|" })).toBe("drei 🙂|1,2");
    expect(await readText(join(folder, "c.md"))).toBe("drei 🙂");
  });

  it("are refused where they are none", async () => {
    await expect(readText(folder, { limit: 10 })).rejects.toThrow("at most 10 bytes");
    await expect(readText(folder, { endings: [".tex"] })).rejects.toThrow("end in .tex, got none");
    writeFileSync(join(folder, "bad.bin"), Uint8Array.of(0xff, 0x41));
    await expect(readText(join(folder, "bad.bin"))).rejects.toThrow("must be UTF-8");
  });
});
