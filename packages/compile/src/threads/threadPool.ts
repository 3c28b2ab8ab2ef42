import { EvaluationError } from "@chainrule/core";
import type { EngineGlobal, EngineMemory, EngineModule } from "../wasm/index.ts";

/** Fields of the memory by which threads are told what to do. */
const EPOCH = 0;
const JOB = 1;
const STEP = 2;
const PARTS = 3;
const PENDING = 4;
const FAILED = 5;
const READY = 6;
const GLOBALS = 8;

/** Rounds of looking before a thread sleeps: most parts take less than falling asleep. */
const SPINS = 2000;

/** The host's own; the packages compile without its types. */
declare const URL: new (path: string, base: string) => object;

interface Worker {
  unref?(): void;
  postMessage(message: unknown): void;
  terminate(): unknown;
}

type WorkerClass = new (url: object, options: Record<string, unknown>) => Worker;

interface Host {
  readonly Worker?: WorkerClass;
  readonly SharedArrayBuffer?: unknown;
  readonly process?: { getBuiltinModule?(name: string): { Worker: WorkerClass } | undefined };
}

const host = globalThis as unknown as Host;

/** The class of worker threads; undefined where the host has none, or no memory that they share. */
function workerClass(): WorkerClass | undefined {
  if (host.SharedArrayBuffer === undefined) return undefined;
  return host.process?.getBuiltinModule?.("node:worker_threads")?.Worker ?? host.Worker;
}

/** Whether the host has threads that share memory. */
export function hasThreads(): boolean {
  return workerClass() !== undefined;
}

/** What threads share. */
export interface ThreadParts {
  readonly module: EngineModule;
  readonly memory: EngineMemory;
  /** The caller's instance. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Threads in all, with the caller. */
  readonly threads: number;
}

/** Threads that wait, and the caller, which does a part itself. */
export class ThreadPool {
  readonly #control: Int32Array;
  readonly #globals: readonly EngineGlobal[];
  readonly #values: number[];
  readonly #work: (step: number, part: number, parts: number) => void;

  constructor({ module, memory, exports, threads }: ThreadParts) {
    const names = Object.keys(exports).filter((name) => /^(at|size):/.test(name));
    this.#globals = names.map((name) => exports[name] as EngineGlobal);
    this.#values = names.map(() => 0);
    this.#control = new Int32Array(new SharedArrayBuffer(4 * (GLOBALS + names.length)));
    this.#work = exports["work"] as (step: number, part: number, parts: number) => void;
    const Worker = workerClass() as WorkerClass;
    // The file lies beside the folder of this code, whether that is of sources or built.
    const url = new URL(
      "../../threadWorker.mjs",
      (import.meta as unknown as { readonly url: string }).url,
    );
    const workerData = { module, memory, control: this.#control, names };
    for (let i = 1; i < threads; i++) {
      const worker = new Worker(url, { workerData, type: "module" });
      // In Node the data came with the options, and a waiting thread must not keep the process alive.
      if (worker.unref === undefined) worker.postMessage(workerData);
      else worker.unref();
    }
  }

  /** Does all parts of a step: threads that have not begun yet leave theirs to the others. */
  run(step: number): void {
    const control = this.#control;
    const parts = 1 + Atomics.load(control, READY);
    if (parts === 1) {
      this.#work(step, 0, 1);
      return;
    }
    this.#tell();
    this.#announce(step, parts);
    this.#work(step, 0, parts);
    this.#wait();
    if (Atomics.exchange(control, FAILED, 0) !== 0) {
      throw new EvaluationError("run: every thread must end its part, got one that failed");
    }
  }

  /** Ends the threads. */
  stop(): void {
    this.#announce(-1, 0);
  }

  /** The number of the job is odd while it is being written. */
  #announce(step: number, parts: number): void {
    const control = this.#control;
    Atomics.add(control, JOB, 1);
    Atomics.store(control, STEP, step);
    Atomics.store(control, PARTS, parts);
    Atomics.store(control, PENDING, parts - 1);
    Atomics.add(control, JOB, 1);
    Atomics.notify(control, JOB);
  }

  /** Tells the threads where buffers lie now. */
  #tell(): void {
    let changed = false;
    this.#globals.forEach((global, i) => {
      const value = Number(global.value);
      if (this.#values[i] === value) return;
      this.#values[i] = value;
      Atomics.store(this.#control, GLOBALS + i, value);
      changed = true;
    });
    if (changed) Atomics.add(this.#control, EPOCH, 1);
  }

  #wait(): void {
    const control = this.#control;
    for (let i = 0; i < SPINS; i++) if (Atomics.load(control, PENDING) <= 0) return;
    for (;;) {
      const pending = Atomics.load(control, PENDING);
      if (pending <= 0) return;
      try {
        Atomics.wait(control, PENDING, pending, 1000);
      } catch {
        // A page's main thread may not sleep: it looks on.
      }
    }
  }
}
