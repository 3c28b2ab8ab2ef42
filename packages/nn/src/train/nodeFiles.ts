import { readFile as read } from "node:fs/promises";
import { decode } from "@chainrule/safetensors";
import { writeSafetensorsFile } from "@chainrule/safetensors/node";

/** Writes a safetensors file so that its path always holds the old content or the new. */
export async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  const { tensors, metadata } = decode(bytes);
  await writeSafetensorsFile(path, tensors, metadata);
}

/** The bytes of a file. */
export function readFile(path: string): Promise<Uint8Array> {
  return read(path);
}
