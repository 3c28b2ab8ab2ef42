/**
 * The loader of a saved program, as JavaScript of ES2022 without imports: it reads the module's custom sections,
 * places buffers by the rules of `placeBuffers`, checks what it is given, and runs.
 *
 * It is text because it must be there where modules are saved, in pages too, and as it is written, whatever a
 * bundler does to the functions of this package.
 */
export function loaderText(name: string): string {
  return `// Runs ${name}.wasm: a program saved by chainrule. Made by a machine; the types are in ${name}.d.ts.
${body.replace("FILE", JSON.stringify(`./${name}.wasm`))}`;
}

const body = `
const arrays = { f64: Float64Array, f32: Float32Array, i32: Int32Array, bool: Uint8Array };
const page = 65536;

/** Reads and compiles the module. */
export async function load(source = new URL(FILE, import.meta.url), sizes = {}) {
  const module = await WebAssembly.compile(await bytesOf(source));
  const instance = await WebAssembly.instantiate(module, { math: Math });
  const [header, data] = ["chainrule", "chainrule data"].map(
    (name) => WebAssembly.Module.customSections(module, name)[0],
  );
  const plan = JSON.parse(new TextDecoder().decode(header));
  return connect(plan, new Uint8Array(data), instance.exports, sizes);
}

async function bytesOf(source) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return source;
  const url = new URL(source.href ?? source, import.meta.url);
  if (url.protocol === "file:" && globalThis.process?.versions?.node) {
    const files = "node:fs/promises";
    return (await import(/* @vite-ignore */ files)).readFile(url);
  }
  const answer = await fetch(url);
  if (!answer.ok) throw new Error("load: " + url + " must be there, got status " + answer.status);
  return answer.arrayBuffer();
}

function connect(plan, data, exports, fixed) {
  const { memory } = exports;
  const slots = new Map([...plan.outputs, ...plan.inputs].map((slot) => [slot.name, slot]));
  const inputs = new Map(plan.inputs.map((slot) => [slot.name, slot]));
  const missing = new Set(inputs.keys());
  let sizes = new Map();
  let addresses;
  let isPlaced = false;
  let isComputed = false;

  const addressOf = (buffer) => {
    const { names, to } = plan.buffers[buffer];
    if (!isPlaced && (names.length > 0 || to !== null)) {
      throw new Error("run: named sizes must be fixed by values first, got none");
    }
    return addresses[buffer];
  };
  const viewOf = ({ storage, shape, buffer }) =>
    new arrays[storage](memory.buffer, addressOf(buffer), countOf(shape, sizes));
  const slotOf = (name) => {
    const slot = slots.get(name);
    if (slot === undefined) {
      throw new Error("view: the name must be an input or output, got " + JSON.stringify(name));
    }
    return slot;
  };
  const read = ({ dtype, shape, ...slot }) => {
    const view = viewOf({ shape, ...slot });
    return shape.length === 0 ? view[0] : arrays[dtype].from(view);
  };

  const reserve = ({ bytes }) => {
    const pages = Math.ceil(bytes / page) - memory.buffer.byteLength / page;
    if (pages <= 0) return;
    try {
      memory.grow(pages);
    } catch {
      throw new Error("run: the plan must fit into memory, got " + bytes + " bytes");
    }
  };
  const resize = (next) => {
    for (const { name, least, op } of plan.needs) {
      if (next.get(name) >= least) continue;
      const wanted = op + " must have a size " + name + " of at least " + least;
      throw new Error("run: " + wanted + ", got " + next.get(name));
    }
    const placed = plan.placement ?? place(plan, next);
    reserve(placed);
    const moved = plan.inputs.flatMap((slot) => {
      const { shape, buffer } = slot;
      const stays = isPlaced && countOf(shape, next) === countOf(shape, sizes);
      return stays && placed.addresses[buffer] !== addresses[buffer]
        ? [[slot, viewOf(slot).slice()]]
        : [];
    });
    addresses = placed.addresses;
    sizes = next;
    isPlaced = true;
    isComputed = false;
    for (const name of plan.sizes) exports["size:" + name].value = sizes.get(name);
    if (plan.placement !== null) return;
    addresses.forEach((address, buffer) => {
      exports["at:" + buffer].value = address;
    });
    for (const [slot, content] of moved) viewOf(slot).set(content);
  };

  const set = (values) => {
    const now = new Map(Object.entries(fixed));
    const given = Object.entries(values).map(([name, value]) => {
      const slot = inputs.get(name);
      if (slot === undefined) {
        const known = [...inputs.keys()].slice(0, 10).join(", ");
        throw new Error("run: values must belong to an input (" + known + "), got " + name);
      }
      return [slot, elementsOf(slot, value, now)];
    });
    const next = new Map([...sizes, ...now]);
    for (const { name, shape } of plan.inputs) {
      const changes = shape.some((dim) => next.get(dim) !== sizes.get(dim));
      if (!changes || name in values || missing.has(name)) continue;
      throw new Error("run: " + name + " must be given again when its size changes, got nothing");
    }
    const isKnown = plan.sizes.every((name) => next.has(name));
    const isNew = !isPlaced || plan.sizes.some((name) => next.get(name) !== sizes.get(name));
    if (isKnown && isNew) resize(next);
    const views = given.map(([slot, elements]) => [viewOf(slot), elements]);
    for (const [view, elements] of views) view.set(elements);
    for (const [{ name }] of given) missing.delete(name);
  };
  const checkGiven = (values) => {
    const names = [...missing].filter((name) => values[name] === undefined);
    if (names.length === 0) return;
    const list = names.slice(0, 10).join(", ");
    throw new Error("run: every input must have a value, got none for " + list);
  };
  const run = () => {
    checkGiven({});
    if (!isPlaced) throw new Error("run: named sizes must be fixed by values first, got none");
    try {
      exports.run();
    } catch (error) {
      throw faultOf(plan, exports) ?? error;
    }
    isComputed = true;
  };

  const early = plan.placement ?? place({ ...plan, buffers: plan.buffers.map(lasting) }, sizes);
  reserve(early);
  addresses = early.addresses;
  const bytes = new Uint8Array(memory.buffer);
  for (const { buffer, at, length, input } of plan.data) {
    bytes.set(data.subarray(at, at + length), addresses[buffer]);
    missing.delete(input);
  }
  if (plan.sizes.length === 0) resize(sizes);

  const model = (values = {}) => {
    checkGiven(values);
    set(values);
    run();
    return Object.fromEntries(plan.outputs.map((slot) => [slot.name, read(slot)]));
  };
  return Object.assign(model, {
    run,
    set,
    get: (name) => {
      const slot = slotOf(name);
      if (isComputed || inputs.has(name)) return read(slot);
      throw new Error("get: " + name + " must be computed for the sizes there are, got no run");
    },
    view: (name) => {
      const view = viewOf(slotOf(name));
      missing.delete(name);
      return view;
    },
    shape: (name) => slotOf(name).shape.map((dim) => sizes.get(dim) ?? dim),
  });
}

function countOf(shape, sizes) {
  return shape.reduce((count, dim) => count * (sizes.get(dim) ?? dim), 1);
}

/** What lives always and has one size lies where it will lie; all else has no length yet. */
function lasting(buffer) {
  const isLasting = buffer.names.length === 0 && buffer.to === null;
  return isLasting ? buffer : { factor: 0, names: [], from: 0, to: 0 };
}

/** A value as its elements, once its shape and type have been checked; fixes the named sizes of its shape. */
function elementsOf({ name, dtype, shape }, value, sizes) {
  const nested = [];
  for (let at = value; Array.isArray(at); at = at[0]) nested.push(at.length);
  const flat = typeof value === "number" ? [value] : Array.isArray(value) ? value.flat(32) : value;
  const isArray = Array.isArray(flat) || Object.values(arrays).some((one) => flat instanceof one);
  if (!isArray) throw new Error("run: " + name + " must be a number or an array of numbers");
  const wrong = () =>
    new Error("run: " + name + " must have shape [" + shape + "], got " + (nested.length > 1 ? "[" + nested + "]" : flat.length));
  const open = shape.filter((dim) => typeof dim === "string" && !sizes.has(dim));
  if (nested.length > 1 && nested.length === shape.length) {
    shape.forEach((dim, axis) => {
      if ((sizes.get(dim) ?? dim) === nested[axis]) return;
      if (typeof dim === "number" || sizes.has(dim)) throw wrong();
      sizes.set(dim, nested[axis]);
    });
  } else if (open.length === 1) {
    const known = shape.filter((dim) => dim !== open[0]);
    const size = flat.length / countOf(known, sizes);
    if (!Number.isInteger(size)) throw wrong();
    sizes.set(open[0], size);
  } else if (open.length > 1) throw wrong();
  if (flat.length !== countOf(shape, sizes)) throw wrong();
  const elements = arrays[dtype].from(flat);
  const isExact = dtype === "i32" || dtype === "bool";
  elements.forEach((element, i) => {
    const isRight = dtype !== "bool" || element <= 1;
    if (typeof flat[i] === "number" && (!isExact || (flat[i] === element && isRight))) return;
    throw new Error("run: elements of " + name + " must be of type " + dtype + ", got " + flat[i]);
  });
  return elements;
}

function faultOf({ faults }, exports) {
  const op = faults[exports.fault?.value ?? 0];
  if (!op) return undefined;
  exports.fault.value = 0;
  if (op.startsWith("arg")) return new Error(op + ": reduced axes must have elements, got none");
  const last = exports["fault:length"].value - 1;
  const index = exports["fault:index"].value;
  return new Error(op + ": indices must lie in 0 … " + last + ", got " + index);
}

/** Places buffers: what lasts and is fixed, what lasts, then each in the smallest gap that fits. */
function place({ buffers, reuse }, sizes) {
  const lengths = buffers.map(({ factor, names }) => {
    const bytes = names.reduce((product, name) => product * sizes.get(name), factor);
    return Math.ceil(Math.max(bytes, 1) / 64) * 64;
  });
  const addresses = buffers.map(() => 0);
  let top = 64;
  const order = buffers.map((_, i) => i);
  const always = order.filter((i) => buffers[i].to === null);
  const isFixed = (i) => buffers[i].names.length === 0;
  for (const i of [...always.filter(isFixed), ...always.filter((i) => !isFixed(i))]) {
    addresses[i] = top;
    top += lengths[i];
  }
  const rest = order
    .filter((i) => buffers[i].to !== null)
    .sort((a, b) => buffers[a].from - buffers[b].from || a - b);
  const ending = [...rest].sort((a, b) => buffers[a].to - buffers[b].to);
  let gaps = [];
  let ended = 0;
  for (const i of rest) {
    for (; reuse && ended < ending.length; ended++) {
      const last = ending[ended];
      if (buffers[last].to >= buffers[i].from) break;
      gaps = joined([...gaps, { at: addresses[last], size: lengths[last] }]);
    }
    const need = lengths[i];
    const fitting = gaps.filter(({ size }) => size >= need);
    const gap = fitting.reduce((a, b) => (b.size < a.size ? b : a), fitting[0]);
    addresses[i] = gap?.at ?? top;
    if (gap === undefined) top += need;
    else {
      gap.at += need;
      gap.size -= need;
      gaps = gaps.filter(({ size }) => size > 0);
    }
  }
  return { addresses, bytes: top };
}

/** Gaps by address, neighbours as one. */
function joined(gaps) {
  const out = [];
  for (const gap of gaps.sort((a, b) => a.at - b.at)) {
    const before = out.at(-1);
    if (before !== undefined && before.at + before.size === gap.at) before.size += gap.size;
    else out.push(gap);
  }
  return out;
}
`;
