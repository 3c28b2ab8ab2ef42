import { decode, encode, openSafetensors, SafetensorsError } from "@chainrule/safetensors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contents, fileOf } from "./arbitraries.ts";

/** Content or a SafetensorsError; content holds no more elements than the file has bytes for. */
async function expectSafe(file: Uint8Array): Promise<void> {
  const whole = attempt(() => decode(file));
  if (whole !== undefined) {
    const bytes = [...whole.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(bytes).toBeLessThanOrEqual(file.length);
    // What is accepted is whole: it can be written and read again.
    const again = decode(encode(whole.tensors, whole.metadata));
    expect(again.tensors.size).toBe(whole.tensors.size);
  }
  let asked = 0;
  const source = {
    size: file.length,
    read: (offset: number, length: number) => {
      expect(offset + length).toBeLessThanOrEqual(file.length);
      asked += length;
      return file.subarray(offset, offset + length);
    },
  };
  const lazy = await openSafetensors(source).catch(expectRefusal);
  expect(lazy === undefined).toBe(whole === undefined);
  expect(asked).toBeLessThanOrEqual(file.length);
}

function attempt<A>(run: () => A): A | undefined {
  try {
    return run();
  } catch (error) {
    return expectRefusal(error);
  }
}

function expectRefusal(error: unknown): undefined {
  expect(error).toBeInstanceOf(SafetensorsError);
  expect((error as Error).message).toMatch(/^[\s\S]{1,700}, got [\s\S]+$/);
}

type Edit = (file: number[]) => void;

const places = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(places, fc.nat(255)).map(([at, byte]): Edit => {
    return (file) => file.splice(Math.floor(at * file.length), 1, byte);
  }),
  fc.tuple(places, fc.nat(40)).map(([at, count]): Edit => {
    return (file) => file.splice(Math.floor(at * file.length), count);
  }),
  fc.tuple(places, fc.nat(7)).map(([at, bit]): Edit => {
    const flip = (file: number[], place: number) => {
      file[place] = (file[place] ?? 0) ^ (1 << bit);
    };
    return (file) => flip(file, Math.floor(at * file.length));
  }),
  fc.tuple(places, places, fc.nat(60)).map(([from, to, count]): Edit => {
    return (file) => {
      const start = Math.floor(from * file.length);
      file.splice(Math.floor(to * file.length), 0, ...file.slice(start, start + count));
    };
  }),
);

test("mutated files are read or refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      contents,
      fc.array(edits, { minLength: 1, maxLength: 5 }),
      async ({ tensors, metadata }, changes) => {
        const file = [...encode(tensors, metadata)];
        for (const change of changes) change(file);
        await expectSafe(Uint8Array.from(file));
      },
    ),
    { numRuns: 5000 },
  );
});

test("mutated headers of the right length are read or refused", async () => {
  const pieces = fc.constantFrom(
    ...['{"', '":{', "}", "[", "]", ",", ":", '"', "\\", "\\u0000", " ", "\n", "\u0000", "é"],
    ...["0", "1", "4", "-", ".", "e9", "9007199254740993", "null", "true", "__metadata__"],
    ...['"dtype":"F32"', '"shape":[1]', '"data_offsets":[0,4]', '"a":{', '"__proto__":{'],
  );
  const headers = fc.array(pieces, { maxLength: 12 }).map((parts) => `{${parts.join("")}}`);
  await fc.assert(
    fc.asyncProperty(headers, fc.nat(9), async (header, data) => {
      await expectSafe(fileOf(header, data));
    }),
    { numRuns: 5000 },
  );
});

test("random bytes are read or refused", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), expectSafe), {
    numRuns: 2000,
  });
});
