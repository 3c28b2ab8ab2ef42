import { readFile as read, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ArgumentError } from "@chainrule/core";
import { decode } from "@chainrule/safetensors";
import { writeSafetensorsFile } from "@chainrule/safetensors/node";

/**
 * Writes a safetensors file so that its path always holds the old content or the new.
 *
 * Throws ArgumentError if its folder is not there: Node would name the file beside it.
 */
export async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new ArgumentError(`save: the folder of the file must exist, got ${path}`);
  }
  const { tensors, metadata } = decode(bytes);
  await writeSafetensorsFile(path, tensors, metadata);
}

/** The bytes of a file. */
export function readFile(path: string): Promise<Uint8Array> {
  return read(path);
}
