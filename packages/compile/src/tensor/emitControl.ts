import { type Body, f32, f64, i32 } from "../wasm/index.ts";
import { type Addresses, pushAddress, pushSize, pushStart } from "./access.ts";
import type { ChooseStep, RepeatStep } from "./step.ts";
import type { View } from "./view.ts";

/** Functions of what is inside a loop. */
export interface Inside {
  readonly condition: number | undefined;
  readonly body: number;
}

/**
 * Calls a body round by round. Windows begin at the part of the first round and move on, or back where the
 * rounds run backwards.
 */
export function emitRepeat(
  body: Body,
  step: RepeatStep,
  { condition, body: round }: Inside,
  addresses: Addresses,
): void {
  const rounds = emitRounds(body, step, addresses);
  const done = body.local("i32");
  for (const { window, view, step: bytes } of step.windows) {
    pushStart(body, view, addresses);
    if (step.reverse && rounds !== undefined) {
      body.get(rounds);
      body.i32(1);
      body.op(i32.sub);
      pushSize(body, bytes, addresses);
      body.op(i32.mul);
      body.op(i32.add);
    }
    body.globalSet(addresses.windowGlobal(window));
  }
  body.i32(0);
  body.set(done);
  const end = body.block();
  const again = body.loop();
  if (rounds !== undefined) {
    body.get(done);
    body.get(rounds);
    body.op(i32.ge_u);
    body.brIf(end);
  }
  if (condition !== undefined && step.condition !== undefined) {
    body.call(condition);
    emitTruth(body, step.condition.holds, addresses);
    body.op(i32.eqz);
    body.brIf(end);
  }
  for (const { window, state, bytes } of step.histories) {
    body.globalGet(addresses.windowGlobal(window));
    pushAddress(body, state, addresses);
    pushSize(body, bytes, addresses);
    body.memoryCopy();
  }
  body.call(round);
  for (const { window, step: bytes } of step.windows) {
    const global = addresses.windowGlobal(window);
    body.globalGet(global);
    pushSize(body, bytes, addresses);
    body.op(step.reverse ? i32.sub : i32.add);
    body.globalSet(global);
  }
  body.get(done);
  body.i32(1);
  body.op(i32.add);
  body.set(done);
  body.br(again);
  body.end();
  body.end();
  if (step.count === undefined) return;
  pushAddress(body, step.count, addresses);
  body.get(done);
  body.memory(i32.store);
}

/** A local with the number of rounds; undefined if only a condition ends them. A number above the length traps. */
function emitRounds(
  body: Body,
  { length, bound }: RepeatStep,
  addresses: Addresses,
): number | undefined {
  if (length === undefined) return undefined;
  const rounds = body.local("i32");
  pushSize(body, length, addresses);
  body.set(rounds);
  if (bound === undefined) return rounds;
  body.get(rounds);
  pushStart(body, bound, addresses);
  body.memory(i32.load);
  body.tee(rounds);
  body.op(i32.lt_u);
  body.if();
  body.unreachable();
  body.end();
  return rounds;
}

/** Calls one of two functions. */
export function emitChoice(
  body: Body,
  { predicate }: ChooseStep,
  { yes, no }: { readonly yes: number; readonly no: number },
  addresses: Addresses,
): void {
  emitTruth(body, predicate, addresses);
  body.if();
  body.call(yes);
  body.else();
  body.call(no);
  body.end();
}

/** Pushes whether a scalar in memory is not 0; NaN is not. */
function emitTruth(body: Body, view: View, addresses: Addresses): void {
  pushStart(body, view, addresses);
  if (view.dtype === "f64") {
    body.memory(f64.load);
    body.f64(0);
    body.op(f64.ne);
  } else if (view.dtype === "f32") {
    body.memory(f32.load);
    body.f32(0);
    body.op(f32.ne);
  } else {
    body.memory(view.dtype === "i32" ? i32.load : i32.load8_u);
    body.i32(0);
    body.op(i32.ne);
  }
}
