import {
  ArgumentError,
  allocate,
  type Bindable,
  BindingError,
  bind,
  describe,
  type Expr,
  Tensor,
  type TypedArray,
  type Value,
} from "@chainrule/core";
import type { Layout } from "../plan/layout.ts";
import { countOf, lengthOf } from "../plan/size.ts";
import { attached, copy, listed, Place } from "./place.ts";
import type { Store } from "./store.ts";
import { isDetached } from "./viewOf.ts";

/** Values of inputs by name. */
export type InputValues = Readonly<Record<string, Bindable>>;

/** Arrays that results are written into, by name of output. */
export type Targets = Readonly<Record<string, TypedArray>>;

/** Values that have been checked, as what is to be written. */
interface Checked {
  readonly values: ReadonlyMap<Place, Value>;
  readonly sizes: ReadonlyMap<string, number>;
}

/** All values given fit as they are: they are written without any conversion. */
const asGiven: unique symbol = Symbol("as given");

const noTargets: Targets = {};

/** The named tensors of a program: checks what is given for them, writes and reads them. */
export class Slots {
  readonly #store: Store;
  readonly #sizes: Readonly<Record<string, number>>;
  readonly #inputs = new Map<string, Place>();
  readonly #outputs = new Map<string, Place>();
  /** Inputs without a value. */
  readonly #missing = new Set<string>();
  /** Whether outputs have been computed for the sizes there are. */
  #isComputed = false;
  #buffer: ArrayBufferLike | undefined;

  constructor({ inputs, outputs }: Layout, store: Store, sizes: Readonly<Record<string, number>>) {
    this.#store = store;
    this.#sizes = sizes;
    for (const slot of inputs) {
      this.#inputs.set(slot.name, new Place(slot));
      this.#missing.add(slot.name);
    }
    for (const slot of outputs) this.#outputs.set(slot.name, new Place(slot));
  }

  /** Checks all values, then writes them: a bad one leaves everything as it was. */
  set(values: InputValues): void {
    this.#write(this.#check(values), values);
  }

  /** The same before a run: every input must have a value then, and each target fit its output. */
  prepare(values: InputValues, targets: Targets = noTargets): void {
    const checked = this.#check(values);
    if (this.#missing.size > 0) this.#checkComplete(values);
    this.#checkTargets(targets, checked);
    this.#write(checked, values);
    if (!this.#store.isPlaced) throw this.#unknownSizes();
  }

  /** Throws BindingError if an input has had no value yet, or a named size none. */
  checkReady(): void {
    if (this.#missing.size > 0) this.#checkComplete({});
    if (!this.#store.isPlaced) throw this.#unknownSizes();
  }

  /** To be told when the store has put other arrays in their places. */
  moved(): void {
    this.#forgetViews();
  }

  /** To be told after a run. */
  computed(): void {
    this.#isComputed = true;
  }

  /** Writes results into arrays that `prepare` has checked. */
  readInto(targets: Targets): void {
    for (const name in targets) {
      const view = this.#open(this.#outputs.get(name) as Place);
      copy(view, targets[name] as TypedArray);
    }
  }

  read(): Record<string, Value> {
    const out: Record<string, Value> = {};
    for (const [name, place] of this.#outputs) out[name] = this.#valueOf(place);
    return out;
  }

  get(name: string): Value {
    const place = this.#placeNamed(name);
    if (!this.#isComputed && !this.#inputs.has(name)) {
      throw new BindingError(`get: ${name} must be computed for the sizes there are, got no run`);
    }
    return this.#valueOf(place);
  }

  /** The view of a slot that a caller may write to, which counts as giving it a value. */
  open(name: string): TypedArray {
    const view = this.#open(this.#placeNamed(name));
    this.#missing.delete(name);
    return view;
  }

  #check(values: InputValues): Checked | typeof asGiven {
    return this.#store.isPlaced && this.#fitsAsGiven(values) ? asGiven : this.#convert(values);
  }

  /** Checks and converts values by core's rules. Apart from `#check`, which thereby has no closures to allocate. */
  #convert(values: InputValues): Checked {
    const given = new Map<Expr, Bindable>();
    const places: Place[] = [];
    for (const name in values) {
      const place = this.#inputs.get(name);
      if (place === undefined) {
        const known = listed([...this.#inputs.keys()]);
        throw new BindingError(`run: values must belong to an input (${known}), got "${name}"`);
      }
      given.set(place.node, attached(name, values[name] as Bindable));
      places.push(place);
    }
    const bound = bind("run", [...given.keys()], given, { sizes: this.#sizes });
    const sizes = new Map([...this.#store.sizes, ...bound.sizes]);
    this.#checkKept(sizes, given);
    const own = new Map(places.map((place) => [place, bound.values.get(place.node) as Value]));
    return { values: own, sizes };
  }

  /** Whether all values are numbers and arrays as they lie in memory, of the sizes there are. Allocates nothing. */
  #fitsAsGiven(values: InputValues): boolean {
    for (const name in values) {
      const place = this.#inputs.get(name);
      if (place === undefined) return false;
      const { slot, array, isFlat } = place;
      const given: unknown = values[name];
      if (typeof given === "number") {
        const isFloat = slot.dtype === "f64" || slot.dtype === "f32";
        if (slot.shape.length > 0 || !isFloat) return false;
      } else {
        const view = this.#open(place);
        if (!isFlat || !(given instanceof array) || given.length !== view.length) return false;
        // Arrays over the program's own memory may be written to while others are read.
        if (given.length === 0 || this.#store.owns(given)) return false;
      }
    }
    return true;
  }

  #write(checked: Checked | typeof asGiven, values: InputValues): void {
    if (checked !== asGiven) {
      this.#writeConverted(checked);
      return;
    }
    for (const name in values) {
      const place = this.#inputs.get(name) as Place;
      const given = values[name] as number | TypedArray;
      const view = this.#open(place);
      if (typeof given !== "number") copy(given, view);
      else view[0] = place.slot.dtype === "f32" ? Math.fround(given) : given;
      if (this.#missing.size > 0) this.#missing.delete(name);
    }
  }

  #writeConverted(checked: Checked): void {
    const content = [...checked.values].map(([place, value]): readonly [Place, Value] => {
      const isOwn = typeof value !== "number" && this.#store.owns(value.data);
      return [place, isOwn ? new Tensor(value.shape, value.data.slice(), value.dtype) : value];
    });
    this.#resize(checked.sizes);
    for (const [place, value] of content) {
      const view = this.#open(place);
      if (typeof value === "number") view[0] = value;
      else view.set(value.data);
      this.#missing.delete(place.slot.name);
    }
  }

  /** Throws BindingError if an input has neither a value nor is given one. */
  #checkComplete(values: InputValues): void {
    const names = [...this.#missing].filter((name) => values[name] === undefined);
    if (names.length === 0) return;
    throw new BindingError(`run: every input must have a value, got none for ${listed(names)}`);
  }

  /** Throws ArgumentError unless each target is an array for an output. Allocates nothing where sizes stay. */
  #checkTargets(targets: Targets, checked: Checked | typeof asGiven): void {
    for (const name in targets) {
      const place = this.#outputs.get(name);
      if (place === undefined) {
        const known = listed([...this.#outputs.keys()]);
        throw new ArgumentError(`into: targets must belong to an output (${known}), got "${name}"`);
      }
      const { slot, array } = place;
      const target: unknown = targets[name];
      if (!(target instanceof array)) {
        const wanted = allocate(slot.dtype, 0).constructor.name;
        throw new ArgumentError(`into: ${name} must be a ${wanted}, got ${describe(target)}`);
      }
      const length =
        checked === asGiven
          ? this.#open(place).length
          : lengthOf(countOf(slot.shape), checked.sizes);
      if (target.length !== length) {
        const got = isDetached(target) ? "an array that was detached" : String(target.length);
        throw new ArgumentError(`into: ${name} must have ${length} elements, got ${got}`);
      }
      if (this.#store.owns(target)) {
        throw new ArgumentError(
          `into: ${name} must lie outside of the program's memory, got one of its views`,
        );
      }
    }
  }

  #open(place: Place): TypedArray {
    if (!this.#store.has(place.slot)) throw this.#unknownSizes();
    const { buffer } = this.#store;
    if (this.#buffer !== buffer) {
      // Memory has grown, which detaches what looked at it.
      this.#forgetViews();
      this.#buffer = buffer;
    }
    place.view ??= this.#store.view(place.slot);
    return place.view;
  }

  #placeNamed(name: string): Place {
    const place = this.#inputs.get(name) ?? this.#outputs.get(name);
    if (place === undefined) {
      throw new ArgumentError(`view: the name must be an input or output, got "${name}"`);
    }
    return place;
  }

  #valueOf(place: Place): Value {
    const { slot } = place;
    const view = this.#open(place);
    if (slot.shape.length === 0) return view[0] as number;
    const data = allocate(slot.dtype, view.length);
    data.set(view);
    const { sizes } = this.#store;
    const lengths = slot.shape.map((dim) => (typeof dim === "number" ? dim : sizes.get(dim)));
    return new Tensor(lengths as number[], data, slot.dtype);
  }

  #unknownSizes(): BindingError {
    const { sizes } = this.#store;
    const names = [...this.#inputs.values(), ...this.#outputs.values()].flatMap(({ slot }) =>
      slot.shape.filter((dim) => typeof dim === "string" && !sizes.has(dim)),
    );
    const open = listed([...new Set(names)] as string[]);
    return new BindingError(`run: named sizes must be fixed by values first, got none for ${open}`);
  }

  /** Throws BindingError for an input whose length changes and that is not given anew. */
  #checkKept(sizes: ReadonlyMap<string, number>, given: ReadonlyMap<Expr, Bindable>): void {
    const before = this.#store.sizes;
    for (const { slot, node } of this.#inputs.values()) {
      const changes = slot.shape.some(
        (dim) => typeof dim === "string" && sizes.get(dim) !== before.get(dim),
      );
      if (!changes || given.has(node) || this.#missing.has(slot.name)) continue;
      throw new BindingError(
        `run: ${slot.name} must be given again when a size of its shape [${slot.shape.join(", ")}] changes, got nothing`,
      );
    }
  }

  #resize(sizes: ReadonlyMap<string, number>): void {
    if (!this.#store.isChangedBy(sizes)) return;
    this.#store.resize(sizes);
    this.#isComputed = false;
    this.#forgetViews();
  }

  #forgetViews(): void {
    for (const place of this.#inputs.values()) place.view = undefined;
    for (const place of this.#outputs.values()) place.view = undefined;
  }
}
