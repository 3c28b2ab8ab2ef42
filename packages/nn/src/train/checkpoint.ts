import { ArgumentError, type DType, describe, type TypedArray } from "@chainrule/core";
import { decode, encode, type Safetensors, type Tensor } from "@chainrule/safetensors";
import type { Epoch } from "./fitOptions.ts";
import type { Trainer } from "./trainer.ts";

/** The weights of the best epoch so far. */
export interface BestSoFar {
  /** Smaller is better. */
  readonly score: number;
  readonly epoch: number;
  readonly tensors: ReadonlyMap<string, TypedArray>;
}

const FORMAT = "chainrule training 1";
const BEST = "best ";

const fileTypes = { f64: "F64", f32: "F32", i32: "I32", bool: "U8" } as const;

/** What a checkpoint says beside tensors. */
interface Facts {
  readonly format: string;
  readonly epoch: number;
  readonly seed: number;
  readonly optimizer: string;
  readonly settings: unknown;
  readonly hosts: readonly Readonly<Record<string, number>>[];
  readonly best: { readonly score: number | null; readonly epoch: number } | null;
  readonly history: readonly Epoch[];
}

/** A trainer's whole state as the bytes of a safetensors file. */
export function checkpointOf<M extends string>(t: Trainer<M>): Uint8Array<ArrayBuffer> {
  const { optimizer } = t.options;
  const tensors = new Map<string, Tensor>();
  for (const { name, node } of t.graph.held) {
    tensors.set(name, fileTensor(node.dtype, node.shape as readonly number[], t.read(name)));
    const best = t.best?.tensors.get(name);
    if (best !== undefined) {
      const shape = node.shape as readonly number[];
      tensors.set(BEST + name, fileTensor(node.dtype, shape, best));
    }
  }
  const facts: Facts = {
    format: FORMAT,
    epoch: t.epoch,
    seed: t.seed,
    optimizer: optimizer.name,
    settings: optimizer.settings,
    hosts: t.graph.hosts.map(({ host }) => host.state()),
    best: t.best === undefined ? null : { score: t.best.score, epoch: t.best.epoch },
    history: t.history.map(({ seconds: _seconds, ...epoch }) => epoch as unknown as Epoch),
  };
  return encode(tensors, { chainrule: JSON.stringify(facts) });
}

function fileTensor(dtype: DType, shape: readonly number[], data: TypedArray): Tensor {
  return { dtype: fileTypes[dtype], shape, data } as Tensor;
}

/** Puts a checkpoint's state into a trainer. Throws ArgumentError with all mismatches, changing nothing. */
export function restoreCheckpoint<M extends string>(t: Trainer<M>, bytes: Uint8Array): void {
  const file = decode(bytes);
  const facts = factsOf(file);
  const wrong = mismatches(t, file, facts);
  if (wrong.length > 0) {
    const shown = wrong.slice(0, 20).map((one) => `\n  ${one}`);
    const more = wrong.length > 20 ? `\n  and ${wrong.length - 20} more` : "";
    throw new ArgumentError(
      `load: a checkpoint must fit the trainer, got ${wrong.length} mismatch${wrong.length === 1 ? "" : "es"}:${shown.join("")}${more}`,
    );
  }
  const best = new Map<string, TypedArray>();
  for (const { name } of t.graph.held) {
    t.write(name, elementsOf(file, name));
    if (file.tensors.has(BEST + name)) best.set(name, elementsOf(file, BEST + name));
  }
  t.seed = facts.seed;
  t.epoch = facts.epoch;
  t.history = [...facts.history] as unknown as Epoch<M>[];
  // JSON has no NaN, which a score is while validation has not been finite.
  const score = facts.best?.score ?? Number.NaN;
  t.best = facts.best === null ? undefined : { ...facts.best, score, tensors: best };
  for (const [i, { host }] of t.graph.hosts.entries()) {
    const state = facts.hosts[i];
    if (state !== undefined) host.restore(state);
  }
}

function elementsOf({ tensors }: Safetensors, name: string): TypedArray {
  return (tensors.get(name) as Tensor).data.slice() as TypedArray;
}

function factsOf({ metadata }: Safetensors): Facts {
  const text = metadata.get("chainrule");
  let facts: unknown;
  try {
    facts = JSON.parse(text ?? "null");
  } catch {
    facts = undefined;
  }
  const format = (facts as Partial<Facts> | null | undefined)?.format;
  if (format !== FORMAT) {
    throw new ArgumentError(
      `load: the file must be a checkpoint of format "${FORMAT}", got ${text === undefined ? "a file without it" : describe(format)}`,
    );
  }
  const wrong = wrongFact(facts as Partial<Facts>);
  if (wrong === undefined) return facts as Facts;
  throw new ArgumentError(
    `load: a checkpoint must hold ${wrong}, got ${describe((facts as Readonly<Record<string, unknown>>)[wrong])}`,
  );
}

/** The name of the first fact that `restore` could not use. */
function wrongFact({ epoch, seed, hosts, history, best }: Partial<Facts>): string | undefined {
  const known: Readonly<Record<string, boolean>> = {
    epoch: Number.isSafeInteger(epoch),
    seed: Number.isSafeInteger(seed),
    hosts: Array.isArray(hosts) && hosts.every(isObject),
    history: Array.isArray(history) && history.every(isObject),
    best: best === null || (isObject(best) && Number.isSafeInteger(best?.epoch)),
  };
  return Object.keys(known).find((name) => known[name] === false);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function mismatches<M extends string>(t: Trainer<M>, file: Safetensors, facts: Facts): string[] {
  const out: string[] = [];
  const { optimizer } = t.options;
  if (facts.optimizer !== optimizer.name) {
    out.push(`optimizer: ${facts.optimizer} in the file, ${optimizer.name} in the trainer`);
  }
  const driven = t.graph.hosts;
  if (facts.hosts.length !== driven.length) {
    out.push(
      `rates that the trainer drives: ${facts.hosts.length} in the file, ${driven.length} in the trainer`,
    );
  } else {
    for (const [i, { name, host }] of driven.entries()) {
      try {
        host.fresh().restore(facts.hosts[i] as Readonly<Record<string, number>>);
      } catch (error) {
        out.push(`${name}: ${(error as Error).message}`);
      }
    }
  }
  const known = new Set(t.graph.held.map(({ name }) => name));
  for (const { name, node } of t.graph.held) {
    const found = file.tensors.get(name);
    const wanted = `${fileTypes[node.dtype]} [${node.shape.join(", ")}]`;
    if (found === undefined) out.push(`${name}: missing in the file, ${wanted} in the trainer`);
    else if (`${found.dtype} [${found.shape.join(", ")}]` !== wanted) {
      out.push(
        `${name}: ${found.dtype} [${found.shape.join(", ")}] in the file, ${wanted} in the trainer`,
      );
    }
  }
  for (const name of file.tensors.keys()) {
    const plain = name.startsWith(BEST) ? name.slice(BEST.length) : name;
    if (!known.has(plain)) out.push(`${name}: in the file, unknown to the trainer`);
  }
  return out;
}
