import { fixedValue, type Size, sameSize, times } from "../../plan/size.ts";
import type { KernelContext } from "../../tensor/kernel.ts";
import { i32 } from "../../wasm/index.ts";
import { add, type Push } from "../integers.ts";

/** An operand of which one part after another is taken. */
export interface Stacked {
  /** Address of the first part. */
  readonly address: Push;
  /** Bytes from one part to the next along each axis; 0 where it repeats. */
  readonly strides: readonly Size[];
}

type Emitting = Pick<KernelContext, "body" | "size">;

/** Runs `emit` for each index of some axes, with the addresses of the operands' parts. */
export function forEachStack(
  context: Emitting,
  lengths: readonly Size[],
  operands: readonly Stacked[],
  emit: (addresses: readonly Push[]) => void,
): void {
  const axes = joined(lengths, operands);
  if (axes.length === 0) {
    emit(operands.map(({ address }) => address));
    return;
  }
  const { body } = context;
  const at = operands.map(({ address }) => {
    const local = body.local("i32");
    address();
    body.set(local);
    return local;
  });
  const levels = axes.map(({ length }) => {
    const index = body.local("i32");
    const done = body.block();
    context.size(length)();
    body.tee(index);
    body.op(i32.eqz);
    body.brIf(done);
    return { index, again: body.loop() };
  });
  emit(at.map((local) => () => body.get(local)));
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const { length, strides } = axes[axis] as Axis;
    const { index, again } = levels[axis] as { index: number; again: number };
    at.forEach((local, i) => {
      if (fixedValue(strides[i] as Size) !== 0) {
        add(body, local, context.size(strides[i] as Size));
      }
    });
    add(body, index, () => body.i32(-1));
    body.get(index);
    body.brIf(again);
    body.end();
    body.end();
    if (axis === 0) continue;
    // Back to the first part, for the next round of the axis around this one.
    at.forEach((local, i) => {
      const whole = times(length, strides[i] as Size);
      if (fixedValue(whole) === 0) return;
      body.get(local);
      context.size(whole)();
      body.op(i32.sub);
      body.set(local);
    });
  }
  for (const local of [...at, ...levels.map(({ index }) => index)]) body.release(local);
}

interface Axis {
  readonly length: Size;
  readonly strides: readonly Size[];
}

/** The axes without those of length 1, neighbours along which all operands run on joined. */
function joined(lengths: readonly Size[], operands: readonly Stacked[]): Axis[] {
  const out: Axis[] = [];
  lengths.forEach((length, axis) => {
    if (fixedValue(length) === 1) return;
    const strides = operands.map((operand) => operand.strides[axis] as Size);
    const outer = out.at(-1);
    const runsOn = outer?.strides.every((stride, i) =>
      sameSize(stride, times(length, strides[i] as Size)),
    );
    if (outer !== undefined && runsOn === true) {
      out[out.length - 1] = { length: times(outer.length, length), strides };
    } else out.push({ length, strides });
  });
  return out;
}
