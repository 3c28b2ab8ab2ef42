import type { EngineParts, EngineProgram, EngineTensors, ProgramEngine } from "@chainrule/compile";
import {
  ArgumentError,
  describe,
  EvaluationError,
  type Expr,
  Program,
  type Tensor,
} from "@chainrule/core";
import { exportProgram } from "../onnx/export/exportProgram.ts";
import { modelBytes } from "../onnx/model.ts";
import type { OnnxRuntimeModule, RuntimeSession, RuntimeTensor } from "./runtime.ts";

/** Options of `onnxRuntime`. */
export interface OnnxRuntimeOptions {
  /**
   * What computes, by ONNX Runtime's name of the execution provider: "cpu" unless given. The package for Node
   * has "cpu" alone on most systems; "webgpu" needs a page with an adapter, and `onnxruntime-web` as the runtime.
   */
  readonly device?: "cpu" | "webgpu" | "cuda" | "coreml" | "dml" | "wasm";
  /** Threads of an operator; as many as ONNX Runtime thinks best unless given. */
  readonly threads?: number;
  /** The runtime's module; `onnxruntime-node` unless given. */
  readonly runtime?: OnnxRuntimeModule;
}

const devices = ["cpu", "webgpu", "cuda", "coreml", "dml", "wasm"] as const;

/** ONNX Runtime ends the whole process where the system refuses a thread; machines have fewer cores. */
const MOST_THREADS = 1024;

function isRuntime(value: OnnxRuntimeModule): boolean {
  return (
    typeof value?.Tensor === "function" && typeof value.InferenceSession?.create === "function"
  );
}

/**
 * ONNX Runtime as an engine: `compile(program, { engine: onnxRuntime() })`.
 *
 * The program is exported as ONNX and run as a whole; states stay in arrays of ours. Floats are those of
 * ONNX Runtime: sums may be rounded in another order than by our own engines.
 * Throws ArgumentError for options out of range. What ONNX has no form of is told by `compile`, a runtime or a
 * device that is missing by the first call, or by `compileAsync`.
 */
export function onnxRuntime(options: OnnxRuntimeOptions = {}): ProgramEngine {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(`onnxRuntime: options must be an object, got ${describe(options)}`);
  }
  const { device = "cpu", threads, runtime } = options;
  if (!devices.includes(device)) {
    throw new ArgumentError(
      `onnxRuntime: device must be one of ${devices.join(", ")}, got ${describe(device)}`,
    );
  }
  if (
    threads !== undefined &&
    !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)
  ) {
    throw new ArgumentError(
      `onnxRuntime: threads must be a whole number from 1 to ${MOST_THREADS}, got ${describe(threads)}`,
    );
  }
  if (runtime !== undefined && !isRuntime(runtime)) {
    throw new ArgumentError(
      `onnxRuntime: runtime must be a module with Tensor and InferenceSession, got ${describe(runtime)}`,
    );
  }
  return {
    name: `ONNX Runtime (${device})`,
    program: (parts) => new RuntimeProgram(parts, { device, threads, runtime }),
  };
}

interface Settings {
  readonly device: string;
  readonly threads: number | undefined;
  readonly runtime: OnnxRuntimeModule | undefined;
}

const types = { f64: "float64", f32: "float32", i32: "int32", bool: "bool" } as const;

/** A program as a session of ONNX Runtime. */
class RuntimeProgram implements EngineProgram {
  readonly steps: readonly string[];
  readonly bytes: number;
  readonly #settings: Settings;
  readonly #model: Uint8Array;
  readonly #hasDoubles: boolean;
  /** The names of the file, in the order of the parts. */
  readonly #inputs: readonly (string | undefined)[];
  readonly #outputs: readonly string[];
  readonly #states: readonly string[];
  readonly #tensors = new WeakMap<object, RuntimeTensor>();
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;

  constructor({ inputs, outputs, updates }: EngineParts, settings: Settings) {
    this.#settings = settings;
    const [next] = updates.values();
    const program = new Program({
      variables: inputs,
      definitions: outputs,
      updates,
      ...(Object.keys(outputs).length === 0 && next !== undefined ? { result: next } : {}),
    });
    const exported = exportProgram(program);
    const { graph } = exported.model;
    this.steps = (graph?.node ?? []).map(
      ({ opType, output }) => `${opType} → ${output.join(", ")}`,
    );
    this.#model = modelBytes(exported.model);
    this.bytes = this.#model.length;
    const names = new Map([...exported.inputs].map(([name, node]) => [node, name]));
    const given = Object.values(inputs);
    // A node of two names is fed once.
    this.#inputs = given.map((node, i) =>
      given.indexOf(node) === i ? names.get(node) : undefined,
    );
    this.#outputs = [...exported.outputs.keys()].slice(0, Object.keys(outputs).length);
    this.#states = [...updates.keys()].map((state) => exported.states.get(state) as string);
    const all: readonly Expr[] = [...given, ...Object.values(outputs), ...updates.values()];
    this.#hasDoubles = all.some(({ dtype }) => dtype === "f64");
  }

  async ready(): Promise<void> {
    this.#loading ??= this.#load();
    try {
      this.#loaded = await this.#loading;
    } catch (error) {
      // The next call may find what was missing.
      this.#loading = undefined;
      throw error;
    }
  }

  async run({ inputs, outputs, states }: EngineTensors): Promise<void> {
    const { session } = this.#loaded as Loaded;
    const wrap = (tensor: Tensor): RuntimeTensor => this.#wrapped(tensor);
    const feeds: Record<string, RuntimeTensor> = {};
    for (const [i, name] of this.#inputs.entries()) {
      if (name !== undefined) feeds[name] = wrap(inputs[i] as Tensor);
    }
    const targets = [
      ...this.#outputs.map((name, i) => [name, outputs[i] as Tensor] as const),
      ...this.#states.map((name, i) => [name, states[i] as Tensor] as const),
    ];
    const fetches: Record<string, RuntimeTensor> = {};
    for (const [name, tensor] of targets) fetches[name] = wrap(tensor);
    const results = await this.#called("run", () => session.run(feeds, fetches));
    for (const [name, { data }] of targets) {
      const made = results[name]?.data as typeof data;
      // Runtimes that write results into the arrays given give those back.
      if (made !== data) data.set(made);
    }
  }

  dispose(): void {
    this.#loading?.then(
      ({ session }) => session.release(),
      () => undefined,
    );
    this.#loading = undefined;
    this.#loaded = undefined;
  }

  async #load(): Promise<Loaded> {
    const { device, threads } = this.#settings;
    const runtime = this.#settings.runtime ?? (await nodeRuntime());
    if (device === "webgpu") await checkAdapter();
    const session = (await this.#called("load", () =>
      runtime.InferenceSession.create(this.#model, {
        executionProviders: [device],
        // Further optimizations join products with factors of single precision, double ones too.
        graphOptimizationLevel: this.#hasDoubles ? "basic" : "all",
        logSeverityLevel: 3,
        interOpNumThreads: 1,
        ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      }),
    )) as RuntimeSession;
    return { session, runtime };
  }

  /** A tensor as the runtime has it; arrays come again, the tensors over them are kept. */
  #wrapped({ data, shape, dtype }: Tensor): RuntimeTensor {
    const known = this.#tensors.get(data);
    if (known?.dims.every((size, axis) => size === shape[axis]) === true) return known;
    const { runtime } = this.#loaded as Loaded;
    const made = new runtime.Tensor(types[dtype], data as never, shape);
    this.#tensors.set(data, made);
    return made;
  }

  async #called<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new EvaluationError(
        `onnxRuntime: ${what} must succeed on ${this.#settings.device}, got: ${why}`,
        { cause },
      );
    }
  }
}

interface Loaded {
  readonly session: RuntimeSession;
  readonly runtime: OnnxRuntimeModule;
}

async function nodeRuntime(): Promise<OnnxRuntimeModule> {
  try {
    const found: unknown = await import("onnxruntime-node");
    return found as OnnxRuntimeModule;
  } catch (cause) {
    throw new ArgumentError(
      "onnxRuntime: the package onnxruntime-node must be installed, or options.runtime be the module of another, got none",
      { cause },
    );
  }
}

/** Throws ArgumentError unless the host has a graphics processor that pages may use. */
async function checkAdapter(): Promise<void> {
  const host = globalThis as {
    readonly navigator?: { readonly gpu?: { requestAdapter(): Promise<unknown> } };
  };
  const adapter = await host.navigator?.gpu?.requestAdapter();
  if (adapter) return;
  throw new ArgumentError("onnxRuntime: device webgpu needs an adapter of WebGPU, got none here");
}
