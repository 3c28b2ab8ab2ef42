import { ArgumentError, type Bindable, Tensor, type Value } from "@chainrule/core";
import type { CheckedParts } from "../parts.ts";
import type { Slot } from "../plan/layout.ts";
import { Arrays, layoutOf } from "./arrays.ts";
import type { AsyncExecutable } from "./asyncExecutable.ts";
import type { EngineProgram, EngineTensors, ProgramEngine } from "./engine.ts";
import type { Explained } from "./explain.ts";
import { type InputValues, Slots, type Targets } from "./slots.ts";

/**
 * A program run by an engine of another package. Values are checked and kept here, and calls carried out one after
 * another; a state has two arrays, which change places after a run.
 */
export function engineExecutable(
  engine: ProgramEngine,
  parts: CheckedParts,
  sizes: Readonly<Record<string, number>> = {},
): { readonly executable: AsyncExecutable; readonly ready: () => Promise<void> } {
  const { inputs, outputs, updates } = parts;
  const program = engine.program({ inputs, outputs, updates });
  const layout = layoutOf(parts);
  const store = new Arrays(layout);
  const slots = new Slots(layout, store, sizes);
  const nodes = parts.lists.inputs.map(([, node]) => node);
  const stateSlots = [...updates.keys()].map(
    (state) => layout.inputs[nodes.indexOf(state)] as Slot,
  );
  const next = new NextStates(stateSlots);
  let isLive = true;
  const tensorOf = (slot: Slot, data = store.view(slot)): Tensor =>
    new Tensor(store.lengthsOf(slot.shape), data, slot.dtype);

  const runOnce = async (): Promise<void> => {
    const states = next.tensors(tensorOf);
    const tensors: EngineTensors = {
      inputs: layout.inputs.map((slot) => tensorOf(slot)),
      outputs: layout.outputs.map((slot) => tensorOf(slot)),
      states,
    };
    await program.ready();
    await program.run(tensors);
    next.swap(store);
    slots.moved();
    slots.computed();
  };

  // Calls wait for those before, however these end.
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const inTurn = <T>(work: () => Promise<T> | T): Promise<T> => {
    if (!isLive) return Promise.reject(disposed());
    waiting++;
    const made = last.then(() => {
      if (!isLive) throw disposed();
      return work();
    });
    last = made.then(
      () => waiting--,
      () => waiting--,
    );
    return made;
  };
  /** Values as they are now: a call that waits must not see what is written to them later. */
  const kept = (values: InputValues): InputValues => {
    const own: Record<string, Bindable> = {};
    for (const [name, value] of Object.entries(values)) own[name] = copyOf(value);
    return own;
  };
  const execute = (values: InputValues = {}): Promise<Record<string, Value>> => {
    const own = kept(values);
    return inTurn(async () => {
      slots.prepare(own);
      await runOnce();
      return slots.read();
    });
  };
  const executable: AsyncExecutable = Object.assign(execute, {
    into: (targets: Targets, values: InputValues = {}): Promise<void> => {
      const own = kept(values);
      return inTurn(async () => {
        slots.prepare(own, targets);
        await runOnce();
        slots.readInto(targets);
      });
    },
    run: (): Promise<void> =>
      inTurn(async () => {
        slots.checkReady();
        await runOnce();
      }),
    set: (values: InputValues): Promise<void> => {
      const own = kept(values);
      return inTurn(() => slots.set(own));
    },
    get: (name: string): Promise<Value> => inTurn(() => slots.get(name)),
    explain: (): Explained => explainEngine(engine.name, program, store),
    dispose: (): void => {
      if (!isLive) return;
      isLive = false;
      // What runs now is let finish.
      void last.then(() => program.dispose());
    },
  });
  return { executable, ready: () => program.ready() };
}

function disposed(): ArgumentError {
  return new ArgumentError("run: an executable must not be used after dispose, got a call");
}

/** The arrays that replace those of the states. */
class NextStates {
  readonly #slots: readonly Slot[];
  #tensors: readonly Tensor[] = [];

  constructor(slots: readonly Slot[]) {
    this.#slots = slots;
  }

  /** Tensors to write the next states into, those of the run before where their lengths still fit. */
  tensors(tensorOf: (slot: Slot, data?: Tensor["data"]) => Tensor): readonly Tensor[] {
    this.#tensors = this.#slots.map((slot, i) => {
      const { shape, data } = tensorOf(slot);
      const known = this.#tensors[i];
      if (known !== undefined && known.data.length === data.length) return known;
      return new Tensor(shape, data.slice() as Tensor["data"], slot.dtype);
    });
    return this.#tensors;
  }

  /** Puts what was written in the places of the states. */
  swap(store: Arrays): void {
    this.#tensors = this.#tensors.map((tensor, i) => {
      const slot = this.#slots[i] as Slot;
      const old = store.view(slot);
      store.replace(slot, tensor.data);
      return new Tensor(tensor.shape, old, slot.dtype);
    });
  }
}

/** A value of its own. */
function copyOf(value: Bindable): Bindable {
  if (typeof value === "number") return value;
  if (value instanceof Tensor) {
    return new Tensor(value.shape, value.data.slice() as Tensor["data"], value.dtype);
  }
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  return Array.isArray(value) ? value.map((item) => copyOf(item as never) as never) : value;
}

/** Operations of nodes that an engine lists are its own affair. */
function explainEngine(name: string, { steps, bytes }: EngineProgram, store: Arrays): Explained {
  return {
    engine: name,
    steps: steps.map((text) => ({ text, depth: 0, operations: undefined, bytes: undefined })),
    native: 0,
    library: 0,
    host: 0,
    functions: 0,
    moduleBytes: bytes,
    memoryBytes: store.bytes,
    slots: 0,
    sizes: Object.fromEntries(store.sizes),
    memory: [],
    text: [`${name}: ${steps.length} nodes, ${bytes} bytes`, ...steps].join("\n"),
  };
}
