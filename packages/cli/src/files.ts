import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "./usageError.ts";

/** Longer texts are no expressions anybody typed. */
const MAX_BYTES = 64 * 2 ** 20;

/** The text of a file, or of standard input for `-`. */
export function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new UsageError(`${path}: the file must be readable, got ${codeOf(error)}`);
  }
  if (bytes.length > MAX_BYTES) {
    throw new UsageError(`${path}: the file must have at most 64 MiB, got ${bytes.length} bytes`);
  }
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** Writes a file whole or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw new UsageError(`${path}: the file must be writable, got ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
