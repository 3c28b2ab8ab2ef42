import { readFileSync } from "node:fs";
import { Tensor } from "@chainrule/core";
import { decode, toNumbers } from "@chainrule/safetensors";

/** What PyTorch computed: cases, and tensors by name. */
export interface ParityFixture<C extends { readonly name: string }> {
  readonly cases: readonly C[];
  /** Throws where there is none of this name. */
  readonly tensor: (name: string) => Tensor;
  /** The names that begin so, without it. */
  readonly below: (prefix: string) => readonly string[];
}

const types = { F64: "f64", F32: "f32", I32: "i32" } as const;

/** A file that `torch/make.py` wrote. */
export function readFixture<C extends { readonly name: string }>(name: string): ParityFixture<C> {
  const path = new URL(`fixtures/${name}.safetensors`, import.meta.url);
  const { tensors, metadata } = decode(readFileSync(path));
  return {
    cases: JSON.parse(metadata.get("cases") ?? "[]"),
    tensor: (key) => {
      const found = tensors.get(key);
      if (found === undefined) throw new Error(`${name}: no tensor ${key}`);
      const dtype = types[found.dtype as keyof typeof types];
      const numbers = toNumbers(found, key);
      if (dtype === "f64") return new Tensor(found.shape, numbers);
      const data = dtype === "f32" ? Float32Array.from(numbers) : Int32Array.from(numbers);
      return new Tensor(found.shape, data);
    },
    below: (prefix) =>
      [...tensors.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  };
}

/** Both precisions, and how far a result may be from PyTorch's, as a share of max(1, |it|). */
export const precisions = [
  { dtype: "f64", tolerance: 1e-10 },
  { dtype: "f32", tolerance: 1e-6 },
] as const;
