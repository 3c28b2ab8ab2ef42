import { decode, encode, SafetensorsError } from "@chainrule/safetensors";
import { describe, expect, test } from "vitest";
import { fileOf } from "./arbitraries.ts";

const f32 = (offsets: string, shape = "[1]") =>
  `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;

describe("decode", () => {
  test("reads any order, white space, escapes, metadata and a scalar", () => {
    const header =
      '{\n\t"b" : {"data_offsets":[2,6], "shape": [ ], "dtype":"F32"} , "__metadata__" :' +
      '{ "k\\u00e9\\n" : "v\\ud83d\\ude00", "":"" },"a":{"dtype":"I16","shape":[1],' +
      '"data_offsets":[0,2]}}\r\n  ';
    const { tensors, metadata } = decode(fileOf(header, Uint8Array.of(0xfe, 0xff, 0, 0, 192, 63)));
    expect([...tensors.keys()]).toEqual(["b", "a"]);
    expect(tensors.get("b")).toEqual({ dtype: "F32", shape: [], data: Float32Array.of(1.5) });
    expect(tensors.get("a")).toEqual({ dtype: "I16", shape: [1], data: Int16Array.of(-2) });
    expect([...metadata]).toEqual([
      ["ké\n", "v😀"],
      ["", ""],
    ]);
  });

  test("reads empty files and tensors without elements, wherever they stand", () => {
    expect(decode(fileOf("{}")).tensors.size).toBe(0);
    expect(decode(fileOf('{"__metadata__":{}}')).metadata.size).toBe(0);
    const header = `{"e":${f32("[4,4]", "[0,9007199254740991]")},"a":${f32("[0,4]")},"f":${f32("[0,0]", "[2,0]")}}`;
    // Sizes of bytes beyond 2^53 are refused even beside a 0, as by the reference implementation.
    expect(() => decode(fileOf(header.replace("[0,9", "[9"), 4))).toThrow("less than 2^53 bytes");
    expect(decode(fileOf(header, 4)).tensors.get("e")?.shape).toEqual([0, 9007199254740991]);
  });

  test("gives views of the file where aligned and copies where not", () => {
    const file = encode({ w: { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } });
    expect(decode(file).tensors.get("w")?.data.buffer).toBe(file.buffer);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const data = decode(shifted.subarray(1)).tensors.get("w")?.data;
    expect(data).toEqual(Float32Array.of(1, 2));
    expect(data?.buffer).not.toBe(shifted.buffer);
    // A Buffer's `slice` is a view: elements were read from the start of its memory.
    const buffer = Buffer.from(shifted.buffer, 1);
    expect(decode(buffer).tensors.get("w")?.data).toEqual(Float32Array.of(1, 2));
  });

  test("reads shared memory", () => {
    const file = encode({ w: { dtype: "U8", shape: [1], data: Uint8Array.of(7) } });
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    expect(decode(shared).tensors.get("w")?.data[0]).toBe(7);
  });

  const lengths: readonly [string, Uint8Array, string][] = [
    ["nothing", new Uint8Array(0), "safetensors file: must have at least 8 bytes, got 0"],
    ["7 bytes", new Uint8Array(7), "must have at least 8 bytes, got 7"],
    ["no header", new Uint8Array(8), "header length must be from 2 to 0 bytes, got 0"],
    ["a header longer than the file", fileOf("{}").subarray(0, 9), "from 2 to 1 bytes, got 2"],
    [
      "a length of 2^64 - 1",
      new Uint8Array(64).fill(255),
      "header length must be from 2 to 56 bytes, got 18446744073709551615",
    ],
    [
      "a header over 100 MB",
      fileOf(new Uint8Array(100_000_001)),
      "header length must be from 2 to 100000000 bytes, got 100000001",
    ],
  ];
  test.each(lengths)("refuses %s", (_what, file, message) => {
    expect(() => decode(file)).toThrow(SafetensorsError);
    expect(() => decode(file)).toThrow(message);
  });

  const nested = "[".repeat(1_000_000);
  const headers: readonly [string, string, number, string][] = [
    ["a list", "[]", 0, 'safetensors header: must begin with "{", got "[]"'],
    ["leading space", " {}", 0, 'must begin with "{", got " {}"'],
    ["a byte order mark", "\ufeff{}", 0, 'must begin with "{"'],
    ["an open object", '{"a":', 0, 'tensor "a": must have "{" at character 5, got the end'],
    ["no object", '{"a":1}', 0, 'tensor "a": must have "{" at character 5, got "1}"'],
    ["text after the end", "{} x", 0, 'must have the end at character 3, got "x"'],
    ["zero bytes as padding", "{}\u0000", 0, "must have the end at character 2"],
    ["a comma too many", `{"a":${f32("[0,4]")},}`, 4, "must have a string at character"],
    ["a key without quotes", "{a:1}", 0, 'must have a string at character 1, got "a:1}"'],
    ["an open string", '{"a', 0, "must have a character of a string at character 3, got the end"],
    ["an escape at the end", '{"a\\', 0, "must have a character of a string at character 4"],
    ["a line break in a string", '{"a\n":1}', 0, "must have a character of a string at"],
    ["an unknown escape", '{"\\x":1}', 0, "escapes must be those of JSON"],
    ["half a surrogate pair", '{"\\ud83d":1}', 0, "surrogates must be paired"],
    [
      "equal names",
      `{"a":${f32("[0,4]")},"a":${f32("[4,8]")}}`,
      8,
      'safetensors header: keys must be unique, got "a" twice',
    ],
    [
      "equal names, one of them escaped",
      `{"a":${f32("[0,4]")},"\\u0061":${f32("[4,8]")}}`,
      8,
      'keys must be unique, got "a" twice',
    ],
    [
      "equal fields",
      '{"a":{"dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]}}',
      1,
      'tensor "a": keys must be unique, got "dtype" twice',
    ],
    ["equal metadata", '{"__metadata__":{"a":"","a":""}}', 0, 'got "a" twice'],
    ["metadata twice", '{"__metadata__":{},"__metadata__":{}}', 0, 'got "__metadata__" twice'],
    ["metadata null", '{"__metadata__":null}', 0, '__metadata__: must have "{"'],
    ["metadata of numbers", '{"__metadata__":{"a":1}}', 0, "__metadata__: must have a string"],
    [
      "metadata in metadata",
      '{"__metadata__":{"a":{}}}',
      0,
      "__metadata__: must have a string at character 21",
    ],
    ["deep nesting", `{"a":${nested}`, 0, 'tensor "a": must have "{"'],
    [
      "deep nesting of a shape",
      `{"a":{"shape":${nested}`,
      0,
      'tensor "a", shape: must have an integer from 0 to 2^53 - 1',
    ],
    ["an unknown field", '{"a":{"extra":1}}', 0, "must have only dtype, shape and data_offsets"],
    ["no fields", '{"a":{}}', 0, "must have dtype, shape and 2 data_offsets, got none of them"],
    [
      "one offset",
      `{"a":${f32("[0]")}}`,
      4,
      "must have dtype, shape and 2 data_offsets, got dtype, shape, 1 data_offsets",
    ],
    ["three offsets", `{"a":${f32("[0,4,8]")}}`, 4, "must be at most 2 integers, got more"],
    ["an unknown dtype", '{"a":{"dtype":"f32"}}', 0, 'F64, I64, U64, got "f32"'],
    ["a dtype that objects own", '{"a":{"dtype":"constructor"}}', 0, 'got "constructor"'],
    ["a negative size", `{"a":${f32("[0,4]", "[-1]")}}`, 4, "an integer from 0 to 2^53 - 1 at"],
    ["a fractional size", `{"a":${f32("[0,4]", "[1.0]")}}`, 4, 'must have "]"'],
    ["an exponent", `{"a":${f32("[0,4]", "[1e0]")}}`, 4, 'must have "]"'],
    ["a leading zero", `{"a":${f32("[0,4]", "[01]")}}`, 4, "an integer from 0 to 2^53 - 1"],
    ["2^53", `{"a":${f32("[0,4]", "[9007199254740992]")}}`, 4, "an integer from 0 to 2^53 - 1"],
    ["2^53 + 1", `{"a":${f32("[0,9007199254740993]")}}`, 4, "an integer from 0 to 2^53 - 1"],
    ["many digits", `{"a":${f32(`[0,${"9".repeat(999)}]`)}}`, 4, "an integer from 0 to 2^53 - 1"],
    [
      "65 axes",
      `{"a":${f32("[0,4]", `[${Array(65).fill(1).join(",")}]`)}}`,
      4,
      'tensor "a", shape: must be at most 64 integers, got more',
    ],
    [
      "a product beyond 2^53",
      `{"a":${f32("[0,4]", "[4294967296,4294967296]")}}`,
      4,
      'tensor "a": must have less than 2^53 bytes, got F32 [4294967296, 4294967296]',
    ],
    [
      "a product that wraps to 0 in 64 bits",
      `{"a":${f32("[0,0]", "[4294967296,4294967296,4294967296]")}}`,
      0,
      "must have less than 2^53 bytes",
    ],
    [
      "a span too short",
      `{"a":${f32("[0,3]")}}`,
      3,
      'tensor "a": data_offsets must span the 4 bytes of F32 [1], got [0, 3]',
    ],
    ["offsets turned round", `{"a":${f32("[4,0]")}}`, 4, "must span the 4 bytes of F32 [1], got"],
    [
      "data beyond the end",
      `{"a":${f32("[0,4]")}}`,
      3,
      'tensor "a": data_offsets must lie within the 3 bytes of data, got [0, 4]',
    ],
    [
      "bytes left over",
      `{"a":${f32("[0,4]")}}`,
      5,
      "safetensors file: tensors must fill its 5 bytes of data, got 4",
    ],
    ["bytes without tensors", "{}", 1, "tensors must fill its 1 bytes of data, got 0"],
    [
      "an overlap",
      `{"a":${f32("[0,4]")},"b":${f32("[2,6]")}}`,
      6,
      'tensor "b": data must begin at 4, where the one before it ends, got 2 (overlap)',
    ],
    ["the same bytes twice", `{"a":${f32("[0,4]")},"b":${f32("[0,4]")}}`, 4, "got 0 (overlap)"],
    ["a gap", `{"a":${f32("[0,4]")},"b":${f32("[5,9]")}}`, 9, "got 5 (gap)"],
    ["a gap at the front", `{"a":${f32("[1,5]")}}`, 5, "data must begin at 0,"],
    [
      "an empty tensor within another",
      `{"a":${f32("[0,4]")},"b":${f32("[2,2]", "[0]")}}`,
      4,
      "got 2 (overlap)",
    ],
  ];
  test.each(headers)("refuses %s", (_what, header, dataBytes, message) => {
    const file = fileOf(header, dataBytes);
    expect(() => decode(file)).toThrow(SafetensorsError);
    expect(() => decode(file)).toThrow(message);
  });

  test("refuses a header that is not UTF-8", () => {
    const file = fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d));
    expect(() => decode(file)).toThrow("safetensors header: must be UTF-8, got other bytes");
  });

  test("cuts long names in messages", () => {
    const message = `tensor "${"n".repeat(59)}…": must have "{"`;
    expect(() => decode(fileOf(`{"${"n".repeat(10_000)}":1}`))).toThrow(message);
  });
});
