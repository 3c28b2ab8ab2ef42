import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** PyTorch in a process of its own, which measures a model on demand. */
export interface Torch {
  readonly version: string;
  /** Median milliseconds a step over some seconds. */
  time(model: string, seconds: number): Promise<number>;
  /** Mean milliseconds of processor time a step. */
  cpuTime(model: string, seconds: number): Promise<number>;
  stop(): void;
}

/** Starts it with the system's Python, on one thread unless told; undefined where there is no PyTorch. */
export async function startTorch(threads = 1): Promise<Torch | undefined> {
  let python: string;
  try {
    python = execFileSync("sh", ["-c", "command -v -p python3"], { encoding: "utf8" }).trim();
    execFileSync(python, ["-c", "import torch"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  const script = fileURLToPath(new URL("pytorchModels.py", import.meta.url));
  const child: ChildProcess = spawn(python, [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[
    Symbol.asyncIterator
  ]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("torch: the process must answer, got its end");
    return JSON.parse(value) as Record<string, unknown>;
  };
  const { version } = await next();
  const measure = async (model: string, seconds: number): Promise<Record<string, unknown>> => {
    child.stdin?.write(`${model} ${seconds}\n`);
    return next();
  };
  return {
    version: String(version),
    time: async (model, seconds) => Number((await measure(model, seconds))["time"]),
    cpuTime: async (model, seconds) => Number((await measure(model, seconds))["cpu"]),
    stop: () => child.stdin?.end(),
  };
}
