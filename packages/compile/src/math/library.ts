import { type Body, f32, f32x4, f64, f64x2, i32, type ModuleBuilder, v128 } from "../wasm/index.ts";
import type { MathLane, Vectors } from "./arithmetic.ts";
import { type Definition, type MathFunction, mathFunctions } from "./functions.ts";
import { bitsOf, Lane } from "./lane.ts";
import { SingleLane } from "./singleLane.ts";

/** A function that a module needs. */
export interface MathNeed {
  readonly name: MathFunction;
  readonly lane: MathLane;
}

/** Indices of the functions of a library. */
export interface MathLibrary {
  /** Throws if the function was not asked for. */
  index(name: MathFunction, lane: MathLane): number;
  /** Globals for constant vectors, shared by all that the module holds. */
  readonly vectors: Vectors;
}

/** Name of the module under which the host's functions are imported. */
export const hostMathModule = "math";

/** The host's functions that libraries import: `imports[hostMathModule]` when a module is instantiated. */
export const hostMath: Readonly<Record<string, (x: number, y: number) => number>> =
  Object.fromEntries(
    (Object.keys(mathFunctions) as MathFunction[]).flatMap((name) => {
      const { host } = mathFunctions[name];
      return host === undefined ? [] : [[name, host]];
    }),
  );

/**
 * Adds the needed functions, and those that they are made of, to a module.
 *
 * Within 2 units in the last place in f64 (see docs/compile.md); in f32 within 3, or the rounded result of f64. Special
 * values are those of JavaScript's `Math`. Where the host's function is needed it is imported, so all
 * needs must be stated at once, before the module's first function.
 */
export function mathLibrary(builder: ModuleBuilder, needs: Iterable<MathNeed>): MathLibrary {
  const list = [...needs];
  const names = new Set(list.map(({ name }) => name));
  const hosts = new Map<MathFunction, number>();
  for (const name of names) {
    const { host, arity } = mathFunctions[name];
    if (host === undefined) continue;
    const params = Array.from({ length: arity }, () => "f64" as const);
    hosts.set(name, builder.importFunction(hostMathModule, name, params, ["f64"]));
  }
  const vectors = vectorsOf(builder);
  const made = new Map<string, number>();
  const make = (name: MathFunction, lane: MathLane): number => {
    const key = `${name} ${lane}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const index = makeFunction({ builder, name, host: hosts.get(name) ?? -1, make, vectors }, lane);
    made.set(key, index);
    return index;
  };
  for (const { name, lane } of list) make(name, lane);
  return {
    vectors,
    index(name, lane) {
      const index = made.get(`${name} ${lane}`);
      if (index === undefined) {
        throw new Error(`mathLibrary: ${name} must be asked for in ${lane}, got no such need`);
      }
      return index;
    },
  };
}

interface Making {
  readonly builder: ModuleBuilder;
  readonly name: MathFunction;
  /** Index of the host's function, where there is one. */
  readonly host: number;
  readonly make: (name: MathFunction, lane: MathLane) => number;
  readonly vectors: Vectors;
}

/** One global for each constant, told apart by bits. */
function vectorsOf(builder: ModuleBuilder): Vectors {
  const globals = new Map<bigint, number>();
  return (value) => {
    const bits = typeof value === "bigint" ? BigInt.asUintN(64, value) : bitsOf(value);
    const known = globals.get(bits);
    if (known !== undefined) return known;
    const index = builder.vector(bits);
    globals.set(bits, index);
    return index;
  };
}

function makeFunction(making: Making, lane: MathLane): number {
  const { builder, name, host } = making;
  const definition = mathFunctions[name];
  const type = lane === "f64" || lane === "f32" ? lane : "v128";
  const body = (suffix: string): Body =>
    builder.function(`${name}_${suffix}`, Array(definition.arity).fill(type), [type]);
  if ((lane === "f32" || lane === "f32x4") && definition.single !== undefined) {
    const own = body(lane);
    const single = new SingleLane(own, lane, making.vectors);
    definition.single(single, single.local(0)).push();
    return own.index;
  }
  if (lane === "f32") return makeSingle(body(lane), definition, making.make(name, "f64"));
  if (lane === "f32x4") return makeSingles(body(lane), definition, making.make(name, "f64x2"));
  if (definition.emit === undefined) {
    return lane === "f64" ? host : makeEachLane(body(lane), definition, host);
  }
  if (definition.one === true && lane === "f64x2") {
    return makeEachLane(body(lane), definition, making.make(name, "f64"));
  }
  const { within } = definition;
  const partly = within === undefined ? undefined : makePatch(making, lane, { host, within });
  return makeCode(new Lane(body(lane), lane, making.vectors), definition, partly);
}

/** The function's own code, its result patched where that does not hold. */
function makeCode(
  lane: Lane,
  { arity, emit, within }: Definition,
  patch: number | undefined,
): number {
  const { body, type } = lane;
  const x = lane.local(0);
  const y = lane.local(arity - 1);
  const value = emit?.(lane, x, y) ?? x;
  if (patch === undefined || within === undefined) {
    value.push();
    return body.index;
  }
  const outside = lane.not(within(lane, x));
  const result = lane.keep(value);
  outside.push();
  if (type === "f64x2") body.op(v128.any_true);
  body.if(lane.valueType);
  x.push();
  result.push();
  body.call(patch);
  body.else();
  result.push();
  body.end();
  return body.index;
}

/** From x and the result: the result, replaced by the host's lane by lane where the code does not hold. */
function makePatch(
  { builder, name }: Making,
  type: "f64" | "f64x2",
  { host, within }: { host: number; within: NonNullable<Definition["within"]> },
): number {
  const value = type === "f64" ? "f64" : "v128";
  const body = builder.function(`${name}_${type}_far`, [value, value], [value]);
  if (type === "f64") {
    body.get(0);
    body.call(host);
    return body.index;
  }
  const one = new Lane(body, "f64");
  const element = body.local("f64");
  for (const lane of [0, 1] as const) {
    body.get(0);
    body.extract(lane);
    body.set(element);
    within(one, one.local(element)).push();
    body.op(i32.eqz);
    body.if();
    body.get(1);
    body.get(element);
    body.call(host);
    body.lane(f64x2.replace_lane, lane);
    body.set(1);
    body.end();
  }
  body.get(1);
  return body.index;
}

/** A function of doubles for each lane. */
function makeEachLane(body: Body, { arity }: Definition, one: number): number {
  for (const lane of [0, 1] as const) {
    for (let i = 0; i < arity; i++) {
      body.get(i);
      body.extract(lane);
    }
    body.call(one);
    if (lane === 0) body.op(f64x2.splat);
    else body.lane(f64x2.replace_lane, 1);
  }
  return body.index;
}

/** One float by way of doubles. */
function makeSingle(body: Body, { arity }: Definition, double: number): number {
  for (let i = 0; i < arity; i++) {
    body.get(i);
    body.op(f64.promote_f32);
  }
  body.call(double);
  body.op(f32.demote_f64);
  return body.index;
}

const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** Four floats by way of two times two doubles. */
function makeSingles(body: Body, { arity }: Definition, double: number): number {
  for (const high of [false, true]) {
    for (let i = 0; i < arity; i++) {
      body.get(i);
      if (high) {
        body.get(i);
        body.shuffle(highHalf);
      }
      body.op(f64x2.promote_low_f32x4);
    }
    body.call(double);
    body.op(f32x4.demote_f64x2_zero);
  }
  body.shuffle(lowHalves);
  return body.index;
}
