import { type Body, f64, i32, ModuleBuilder, v128, validate } from "@chainrule/compile";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineAccepts } from "../support/instantiate.ts";

function moduleOf(write: (body: Body, builder: ModuleBuilder) => void): Uint8Array {
  const builder = new ModuleBuilder();
  write(builder.function("f", ["f64"], ["f64"]), builder);
  return builder.build();
}

const wrong: [string, string, (body: Body, builder: ModuleBuilder) => void][] = [
  ["a result that is missing", "f, end at byte 25: stack must hold f64, got nothing", () => {}],
  [
    "an operand of another type",
    "f, f64.add at byte 29: stack must hold f64, got i32",
    (body) => {
      body.get(0);
      body.i32(1);
      body.op(f64.add);
    },
  ],
  [
    "a value too many",
    "a block must leave [f64], got [f64] besides",
    (body) => {
      body.get(0);
      body.get(0);
    },
  ],
  ["a local that is not there", "local 3 must exist", (body) => body.get(3)],
  ["a call of a function that is not there", "function 7 must exist", (body) => body.call(7)],
  ["a global that is not there", "global 0 must exist", (body) => body.globalGet(0)],
  [
    "a constant global set",
    "global 0 must be mutable",
    (body, builder) => {
      body.get(0);
      body.globalSet(builder.global("f64", false, 1));
      body.get(0);
    },
  ],
  [
    "memory where there is none",
    "the module must have a memory",
    (body) => {
      body.i32(0);
      body.memory(f64.load);
    },
  ],
  [
    "an alignment beyond the natural",
    "alignment must be at most 8, got 16",
    (body, builder) => {
      builder.memory({ minimum: 1 });
      body.i32(0);
      body.memory(f64.load, 0, 4);
    },
  ],
  [
    "an if with a result and no else",
    "an if with results must have an else",
    (body) => {
      body.i32(1);
      body.if("f64");
      body.get(0);
      body.end();
    },
  ],
  [
    "a choice between types",
    "select must have values of one type, got f64 and i32",
    (body) => {
      body.get(0);
      body.i32(1);
      body.i32(1);
      body.select();
    },
  ],
  [
    "a table that is not there",
    "the module must have a table",
    (body, builder) => {
      body.get(0);
      body.i32(0);
      body.callIndirect(builder.type(["f64"], ["f64"]));
    },
  ],
  [
    "an else without if",
    "else must follow if",
    (body) => {
      body.get(0);
      body.else();
    },
  ],
];

describe("what neither we nor the engine accept", () => {
  it.each(wrong)("%s", (_name, message, write) => {
    const bytes = moduleOf(write);
    expect(() => validate(bytes)).toThrow(message);
    expect(engineAccepts(bytes)).toBe(false);
  });
});

describe("code that nothing reaches", () => {
  it("takes what it needs from nowhere", () => {
    const bytes = moduleOf((body) => {
      body.get(0);
      body.return();
      body.op(f64.add);
      body.drop();
      body.select();
    });
    validate(bytes);
    expect(engineAccepts(bytes)).toBe(true);
  });
});

it("agrees with the engine on random code", () => {
  const steps: readonly ((body: Body) => void)[] = [
    (body) => body.get(0),
    (body) => body.i32(3),
    (body) => body.f64(1),
    (body) => body.f64x2(1),
    (body) => body.op(f64.add),
    (body) => body.op(i32.add),
    (body) => body.op(f64.lt),
    (body) => body.op(v128.and),
    (body) => body.extract(1),
    (body) => body.drop(),
    (body) => body.select(),
    (body) => body.return(),
    (body) => body.unreachable(),
    (body) => body.br(0),
    (body) => {
      body.if("f64");
      body.get(0);
      body.else();
      body.f64(2);
      body.end();
    },
    (body) => {
      const label = body.block();
      body.i32(0);
      body.brIf(label);
      body.end();
    },
  ];
  const index = fc.integer({ min: 0, max: steps.length - 1 });
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(index, { minLength: 1, maxLength: 6 }), (chosen) => {
      const bytes = moduleOf((body) => {
        for (const i of chosen) steps[i]?.(body);
      });
      const expected = engineAccepts(bytes);
      if (expected) accepted++;
      let ours = true;
      try {
        validate(bytes);
      } catch {
        ours = false;
      }
      expect(ours).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(30);
});

describe("bytes that are no module", () => {
  it("are refused with the place", () => {
    expect(() => validate(Uint8Array.from([1, 2, 3]))).toThrow("8 bytes must follow 0, got 3");
    expect(() => validate(new Uint8Array(8))).toThrow("a module must begin with");
    const bytes = moduleOf((body) => body.get(0));
    expect(() => validate(bytes.slice(0, -8))).toThrow(RangeError);
  });
});
