import { ModuleBuilder, toWat, type ValueType, validate } from "@chainrule/compile";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import type { Body } from "../../../packages/compile/src/wasm/body.ts";
import * as tables from "../../../packages/compile/src/wasm/instructions.ts";
import { instructionOf } from "../../../packages/compile/src/wasm/signature.ts";
import { engineAccepts } from "../support/instantiate.ts";

const { parseWat } = await wabt();
const features = { threads: true, simd: true, bulk_memory: true, sat_float_to_int: true };

const { control, ...groups } = tables;
const plain = Object.entries(groups).flatMap(([group, codes]) =>
  Object.entries(codes).map(([name, code]): [string, number] => [`${group}.${name}`, code]),
);

function zero(body: Body, type: ValueType): void {
  if (type === "i32") body.i32(0);
  else if (type === "i64") body.i64(0n);
  else if (type === "f32") body.f32(0);
  else if (type === "f64") body.f64(0);
  else body.i64x2(0n);
}

/** Writes the instruction with the immediates that it needs. */
function write(body: Body, code: number): void {
  const immediate = instructionOf(code & 0xffff)?.immediate;
  if (code === tables.memory.copy) body.memoryCopy();
  else if (code === tables.memory.fill) body.memoryFill();
  else if (code === tables.memory.size) body.memorySize();
  else if (code === tables.memory.grow) body.memoryGrow();
  else if (immediate === "memory") body.memory(code, 16);
  else if (immediate === "memory-lane") body.memoryLane(code, 0, 16);
  else if (immediate === "lane") body.lane(code, 1);
  else if (immediate === "shuffle") body.shuffle([...Array(16).keys()]);
  else body.op(code);
}

describe.each(plain)("%s", (name, code) => {
  const instruction = instructionOf(code & 0xffff);
  const params = instruction?.params ?? [];
  const results = instruction?.results ?? [];
  const builder = new ModuleBuilder();
  builder.memory({ minimum: 1, maximum: 1, shared: true });
  const body = builder.function("f", [], results);
  for (const type of params) zero(body, type);
  write(body, code);
  const bytes = builder.build({ names: false });

  it("has the type that the engine gives it", () => {
    expect(instruction?.name).toBe(name);
    expect(engineAccepts(bytes)).toBe(true);
    validate(bytes);
  });

  it("prints as text that reads back to the same bytes", () => {
    const text = toWat(bytes);
    const parsed = parseWat("test.wat", text, features);
    expect(Buffer.from(parsed.toBinary({}).buffer)).toEqual(Buffer.from(bytes));
    parsed.destroy();
  });
});
