import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPoints } from "../../../../packages/studio/src/rooms/playground/readPoints.ts";
import { splitTable } from "../../../../packages/studio/src/rooms/playground/splitTable.ts";

const cells = (text: string): (readonly string[])[] =>
  splitTable(text).rows.map((row) => [...row.cells]);

describe("splitTable", () => {
  it("reads quotes, other dividers, every kind of line end and none at the end", () => {
    expect(cells('a,"b ""c"", d"\r\n1,2\n\n3,4')).toEqual([
      ["a", 'b "c", d'],
      ["1", "2"],
      ["3", "4"],
    ]);
    expect(cells("\uFEFFa;b\r1,5;2")).toEqual([
      ["a", "b"],
      ["1,5", "2"],
    ]);
    expect(cells("a\tb\n1\t")).toEqual([
      ["a", "b"],
      ["1", ""],
    ]);
    expect(cells("")).toEqual([]);
  });

  it("names the line of what is wrong", () => {
    expect(() => cells("a,b\n1,2\n3")).toThrow(
      "table: line 3: a row must have as many fields as the first, 2, got 1",
    );
    expect(() => cells('a,b\n1,"2')).toThrow("table: line 2: quotes must close");
    expect(() => cells('a,b\n"1"x,2')).toThrow(
      'table: line 2: after closing quotes a field must end, got "x"',
    );
    expect(() => cells('"a\nb",c\n1,2,3')).toThrow("table: line 3: a row must have");
    expect(() => cells(",".repeat(60))).toThrow("at most 50 columns, got 61");
    expect(() => cells("1,".repeat(400_000))).toThrow("at most 500000 letters");
  });

  it("gives back what was written", () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.replace(/[\r\n]/g, "").trim());
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }),
      );
    fc.assert(
      fc.property(table, (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        // The first line says what divides fields; letters that divide stand in none of its cells.
        const head = (rows[0] ?? []).map((_, i) => `c${i}`);
        const text = [head, ...rows].map((row) => row.map(quoted).join(",")).join("\n");
        expect(cells(text)).toEqual([head, ...rows]);
      }),
    );
  });

  it("ends with rows or a sentence, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a1",;\t\r\n<') }), (text) => {
        try {
          splitTable(text);
        } catch (error) {
          expect(String(error)).toMatch(/^ArgumentError: table: /);
        }
      }),
    );
  });
});

describe("readPoints", () => {
  const table = "name,height,width,kind\nann,1,10,a\nbob,2,20,b\ncid,3,30,a\ndot,4,50,b\n";

  it("brings columns of numbers to the square, and names them", () => {
    const { points, axes, labels, scales } = readPoints(table, "classification");
    expect(axes).toEqual(["height", "width"]);
    expect(labels).toEqual(["a", "b"]);
    expect(points.map(([, , value]) => value)).toEqual([0, 1, 0, 1]);
    expect(points[0]?.slice(0, 2)).toEqual([-2.7, -2.7]);
    expect(points[3]?.slice(0, 2)).toEqual([2.7, 2.7]);
    const [x] = scales;
    expect((x?.centre ?? 0) + (x?.size ?? 0) * (points[1]?.[0] ?? 0)).toBeCloseTo(2, 4);
  });

  it("reads numbers to learn, without a head and with decimal commas", () => {
    const { points, axes, scales } = readPoints("1,5;2;10\n2;4;20\n3;4;30\n4;4;50", "regression");
    expect(axes).toEqual(["column 1", "column 2"]);
    expect(points.map(([, , value]) => value)).toEqual([-1, -0.5, 0, 1]);
    expect(scales[2]).toEqual({ centre: 30, size: 20 });
  });

  const refusals = [
    ["", "table: there must be three columns, for x, y and class or value, got 0"],
    ["a,b\n1,2", "table: there must be three columns"],
    ["a,b,c\n1,2,x", "table: there must be 4 to 1000 rows of numbers, got 1"],
    [
      "a,b,c\n1,2,x\n1,oops,y\n1,2,x\n1,2,x",
      'line 3, column 2: a field must be a number, got "oops"',
    ],
    ["a,b,c\n1,2,x\n1,,y\n1,2,x\n1,2,x", 'line 3, column 2: a field must be a number, got ""'],
    ["1,2,x\n1,2,x\n1,2,x\n1,2,x", "the last column must hold 2 to 4 classes, got 1"],
    ["1,2,1\n1,2,2\n1,2,3\n1,2,4\n1,2,5", "got 5; numbers are learnt by regression"],
    [
      "1,p,x\n1,p,y\n1,p,x\n1,p,y",
      "line 1: two columns before the last must hold numbers, got 1, p, x",
    ],
    ["1,1e999,x\n1,2,y\n1,2,x\n1,2,y", "two columns before the last must hold numbers"],
  ] as const;
  it.each(refusals)("%j is refused", (text, message) => {
    expect(() => readPoints(text, "classification")).toThrow(message);
  });

  it("keeps hostile names as text, and short", () => {
    const name = `<img onerror=alert(1)>${"x".repeat(100)}`;
    const { labels, axes } = readPoints(
      `${name},b,c\n1,2,${name}\n1,2,y\n1,3,y\n2,3,y`,
      "classification",
    );
    expect(axes[0]).toBe(name.slice(0, 40));
    expect(labels[0]).toBe(name.slice(0, 40));
  });
});
