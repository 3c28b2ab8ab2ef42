import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError, describe, Tensor } from "@chainrule/core";
import type { EngineEpoch, TrainEngine, Trainer, TrainJob } from "@chainrule/nn";
import { decode } from "@chainrule/safetensors";
import { exportTraining } from "./exportTraining.ts";
import { type Cluster, checkCluster, launchArguments, Running, TorchError } from "./launch.ts";
import { findPython } from "./python.ts";

/** Options of the engine `torch`. */
export interface TorchEngineOptions extends Cluster {
  /** The Python to use; python3 of the path, or the system's, unless given. */
  readonly python?: string;
  /**
   * Where script, data and checkpoints lie; it stays. Unless given a temporary folder, which goes when
   * training has ended well.
   */
  readonly folder?: string;
  readonly device?: "cpu" | "cuda";
}

/**
 * PyTorch as the engine of `fit`: steps run on several processes with DistributedDataParallel, in the same
 * order of examples, and every epoch's state comes back into the trainer.
 *
 * Throws ArgumentError before any work if Python or PyTorch is missing, TorchError if a worker fails: it names
 * the last checkpoint, whose state the trainer has.
 */
export function torch(options: TorchEngineOptions): TrainEngine {
  return { name: "torch", train: (job) => train(job, options) };
}

async function* train(
  job: TrainJob,
  options: TorchEngineOptions,
): AsyncGenerator<EngineEpoch, void, undefined> {
  const { trainer, examples, batch, epochs, signal } = job;
  checkCluster(options);
  const { python, launcher } = findPython(options.python);
  const start = await launchArguments(options, launcher);
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "chainrule-torch-")));
  const last = trainer.epoch + epochs;
  const orders = new Map<number, Int32Array>();
  for (let epoch = trainer.epoch + 1; epoch <= last; epoch++) {
    // The order's memory may be used again for the next epoch.
    orders.set(epoch, job.order(epoch).slice());
  }
  const files = await exportTraining(trainer, folder, { examples, orders });
  const own = [files.script, "--json", "--fresh", "--keep=0", "--everywhere"];
  own.push(`--epochs=${last}`, `--batch=${batch}`, `--order=${files.order}`);
  own.push(`--checkpoints=${files.checkpoints}`);
  if (options.device !== undefined) own.push(`--device=${options.device}`);
  await forget(files.checkpoints);
  const running = new Running(python, [...start, ...own], options.processes > 1);
  const abort = (): void => void running.end();
  signal?.addEventListener("abort", abort, { once: true });
  let newest: string | undefined;
  let seen = trainer.epoch;
  let broken = false;
  try {
    for await (const line of running.lines) {
      const told = readLine(line);
      if (told === undefined) continue;
      await takeState(trainer, told.checkpoint);
      if (newest !== undefined) await rm(newest, { force: true });
      newest = told.checkpoint;
      seen = told.epoch;
      const { loss, ...totals } = told.sums;
      yield { result: { loss: loss?.[0] as number, totals }, rows: told.rows };
      if (seen === last) break;
    }
    signal?.throwIfAborted();
    if (seen < last) {
      const { code, complaint } = await running.ended;
      broken = true;
      throw failed(code, seen, last, newest, folder, complaint);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    await running.end();
    if (options.folder === undefined && !broken) await rm(folder, { recursive: true, force: true });
  }
}

function failed(
  code: number | null,
  seen: number,
  last: number,
  newest: string | undefined,
  folder: string,
  complaint: string,
): TorchError {
  const kept = newest === undefined ? `none; everything lies in ${folder}` : newest;
  return new TorchError(
    `torch: training must end after epoch ${last}, got an end after epoch ${seen} with code ${code ?? "none"}; the trainer has the state of epoch ${seen}, the last checkpoint is ${kept}\n  ${complaint}`,
    newest,
  );
}

/** Checkpoints of an earlier training in this folder are not this one's. */
async function forget(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^epoch-\d+\.safetensors$/.test(name)) await rm(join(folder, name));
  }
}

interface Line {
  readonly epoch: number;
  readonly rows: number;
  readonly sums: Readonly<Record<string, readonly number[]>>;
  readonly checkpoint: string;
}

/** What the script says of an epoch; other lines, such as warnings of libraries, are passed over. */
function readLine(line: string): Line | undefined {
  if (!line.startsWith('{"epoch"')) return undefined;
  try {
    return JSON.parse(line) as Line;
  } catch {
    throw new ArgumentError(`torch: a line of the script must be JSON, got ${describe(line)}`);
  }
}

/** Puts the state of a checkpoint into the trainer; its history and counts of epochs are the loop's. */
async function takeState(trainer: Trainer, path: string): Promise<void> {
  const { tensors } = decode(await readFile(path));
  for (const { name } of trainer.graph.held) {
    const found = tensors.get(name);
    if (found === undefined) {
      throw new TorchError(`torch: the checkpoint must hold ${name}, got ${path} without it`, path);
    }
    const data = Float64Array.from(found.data as ArrayLike<number>);
    trainer.set(name, new Tensor(found.shape, data));
  }
}
