import { evaluate, softmax, Tensor, variable } from "@chainrule/core";
import type { Trainer } from "@chainrule/nn";
import { decode } from "@chainrule/safetensors";
import file from "./digitReader.safetensors?url&inline";
import { type ReaderTap, SIZE, untrainedReader } from "./readerModel.ts";

/** A picture as rows of numbers. */
export type Rows = readonly (readonly number[])[];

/** What the reader makes of an image. */
export interface Reading {
  /** How sure it is of each digit; they add up to 1. */
  readonly shares: readonly number[];
  /** The digit it takes the image for. */
  readonly digit: number;
  /** What each of its layers sees, channel by channel. */
  readonly maps: Readonly<Record<ReaderTap, readonly Rows[]>>;
}

/** The network that has learnt to read drawn digits. */
export class DigitReader {
  readonly #trainer: Trainer<"accuracy">;
  /** Kernels of its first layer. */
  readonly kernels: readonly Rows[];
  /** Accuracy on drawings it has not seen, as measured when it was trained. */
  readonly accuracy: number;

  constructor() {
    const { tensors, metadata } = decode(bytesOf(file));
    const trainer = untrainedReader(1, 0);
    for (const path of trainer.parameters) {
      const stored = tensors.get(path);
      if (stored === undefined) throw new TypeError(`DigitReader: the file must hold ${path}`);
      trainer.set(path, new Tensor(stored.shape, Float32Array.from(stored.data as Float32Array)));
    }
    this.#trainer = trainer;
    this.accuracy = Number(metadata.get("accuracy"));
    const [first = ""] = trainer.parameters.filter((path) => path.endsWith("weight"));
    this.kernels = (trainer.get(first).toArray() as number[][][][]).map(([kernel]) => kernel ?? []);
  }

  /** Reads an image of 16 × 16. */
  read(image: Rows): Reading {
    const input = new Tensor([1, 1, SIZE, SIZE], Float32Array.from(image.flat()));
    const { output, ...taps } = this.#trainer.inspect(input);
    const scores = variable("scores", [10]);
    const shares = evaluate(softmax(scores), { scores: Array.from(output?.data ?? []) }) as Tensor;
    const sure = Array.from(shares.data);
    const maps = Object.fromEntries(
      Object.entries(taps).map(([name, tensor]) => [name, (tensor.toArray() as Rows[][])[0]]),
    );
    return {
      shares: sure,
      digit: sure.indexOf(Math.max(...sure)),
      maps: maps as unknown as Reading["maps"],
    };
  }
}

let known: DigitReader | undefined;

/** The one reader of the page, made when it is first needed. */
export function digitReader(): DigitReader {
  known ??= new DigitReader();
  return known;
}

/** The bytes of a data address. */
function bytesOf(address: string): Uint8Array {
  const text = atob(address.slice(address.indexOf(",") + 1));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
