import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tensor } from "@chainrule/core";
import type { Trainer } from "@chainrule/nn";
import { encode, type Tensor as FileTensor } from "@chainrule/safetensors";
import { toTorch } from "./toTorch.ts";

/** What a training elsewhere needs beside the trainer. */
export interface TrainingData {
  /** Examples along the first axis, by the names of the program's inputs; targets as `target`. */
  readonly examples: Readonly<Record<string, Tensor>>;
  /** The order of the examples in the epochs that have one; the script shuffles the others. */
  readonly orders?: ReadonlyMap<number, Int32Array>;
}

/** Paths of the files of an exported training. */
export interface ExportedTraining {
  readonly folder: string;
  readonly script: string;
  readonly checkpoints: string;
  readonly order: string | undefined;
}

const types = { f64: "F64", f32: "F32", i32: "I32", bool: "U8" } as const;

/**
 * Writes `model.py`, `start.safetensors` (the trainer's state) and `data.safetensors` into a folder, from
 * which `python3 model.py` trains, alone or under torchrun.
 */
export async function exportTraining<M extends string>(
  trainer: Trainer<M>,
  folder: string,
  { examples, orders }: TrainingData,
): Promise<ExportedTraining> {
  const script = toTorch(trainer);
  const checkpoints = join(folder, "checkpoints");
  await mkdir(checkpoints, { recursive: true });
  await writeFile(join(folder, "model.py"), script);
  await writeFile(join(folder, "start.safetensors"), trainer.checkpoint());
  await writeFile(
    join(folder, "data.safetensors"),
    encode(new Map(Object.entries(examples).map(fileTensor))),
  );
  const order = orders === undefined ? undefined : join(folder, "order.safetensors");
  if (order !== undefined && orders !== undefined) {
    const rows = [...orders].map(([epoch, rows]): [string, FileTensor] => [
      `epoch ${epoch}`,
      { dtype: "I32", shape: [rows.length], data: rows },
    ]);
    await writeFile(order, encode(new Map(rows)));
  }
  return { folder, script: join(folder, "model.py"), checkpoints, order };
}

function fileTensor([name, { dtype, shape, data }]: [string, Tensor]): [string, FileTensor] {
  return [name, { dtype: types[dtype], shape, data } as FileTensor];
}
