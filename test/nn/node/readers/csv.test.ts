import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCsv, readCsv } from "@chainrule/nn/node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const text = '\ufefflong,wide,kind\n1,2,"b, c"\n\n3.5,-4e2,a\n';

describe("CSV", () => {
  it("gives columns by name, labels from text", () => {
    const set = parseCsv(text, { target: "kind", labels: true });
    expect(set.inputs.toArray()).toEqual([
      [1, 2],
      [3.5, -400],
    ]);
    expect([set.targets.dtype, set.targets.toArray()]).toEqual(["i32", [1, 0]]);
    expect([set.columns, set.labels]).toEqual([
      ["long", "wide"],
      ["a", "b, c"],
    ]);
    const other = parseCsv(text, { target: "long", inputs: ["wide"] });
    expect([other.inputs.toArray(), other.targets.toArray()]).toEqual([
      [[2], [-400]],
      [1, 3.5],
    ]);
    const given = parseCsv(text, { target: "kind", labels: ["b, c", "a"] });
    expect(given.targets.toArray()).toEqual([0, 1]);
  });

  it("tells what is wrong by line", () => {
    const one = { target: "y" };
    for (const field of ["NaN", "", "Infinity", "x", "1e999"]) {
      expect(() => parseCsv(`x,y\n1,2\n${field},3\n`, one)).toThrow(/line 3, column x.*finite/);
    }
    expect(() => parseCsv("x,y\n1,2\n1,2,3\n", one)).toThrow(/as many fields.*line 3/);
    expect(() => parseCsv('x,y\n"1,2\n', one)).toThrow("closed quotes");
    expect(() => parseCsv("x,y\n1,c\n", { target: "y", labels: ["a"] })).toThrow(
      'line 2: labels must be among a, got "c"',
    );
    expect(() => parseCsv("x,y\n1,2\n", { target: "z" })).toThrow('among x, y, got "z"');
    expect(() => parseCsv("x,x\n1,2\n", { target: "x" })).toThrow('got "x" twice');
    expect(() => parseCsv("x,y\n", one)).toThrow("at least one row");
    expect(() => parseCsv("y\n1\n", one)).toThrow("a column of inputs");
  });

  it("reads back any numbers, from a file too", async () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), (rows) => {
        const lines = rows.map((row) => row.join(";")).join("\r\n");
        const set = parseCsv(`x;y\r\n${lines}`, { target: "y", delimiter: ";" });
        expect(set.inputs.toArray()).toEqual(rows.map(([x]) => [x === 0 ? 0 : x]));
      }),
    );
    const folder = mkdtempSync(join(tmpdir(), "chainrule-csv-"));
    try {
      writeFileSync(join(folder, "a.csv"), text);
      const set = await readCsv(join(folder, "a.csv"), { target: "wide", inputs: ["long"] });
      expect(set.targets.toArray()).toEqual([2, -400]);
      await expect(readCsv(join(folder, "a.csv"), { target: "kind" })).rejects.toThrow("a.csv");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
