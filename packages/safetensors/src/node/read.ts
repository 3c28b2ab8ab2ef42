import { type FileHandle, open } from "node:fs/promises";
import { decode, type Safetensors } from "../decode.ts";
import { SafetensorsError } from "../errors.ts";
import { type LazySafetensors, openSafetensors } from "../open.ts";

/** Most bytes asked for in one system call; Node refuses 2^31 and more. */
const maxCallBytes = 2 ** 30;

/** An open file of which tensors are read when asked for; close it when done. */
export interface OpenSafetensors extends LazySafetensors {
  close(): Promise<void>;
}

/**
 * Opens a file and reads its header.
 *
 * Throws SafetensorsError if it breaks the format, and what Node throws if it cannot be read.
 */
export async function openSafetensorsFile(path: string): Promise<OpenSafetensors> {
  const { handle, size } = await openRegular(path);
  try {
    const read = (offset: number, length: number) => readFully(handle, offset, length);
    const file = await openSafetensors({ size, read });
    return { ...file, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Content of a file, all of it in memory; see `decode`.
 *
 * Throws SafetensorsError if it breaks the format, and what Node throws if it cannot be read.
 */
export async function readSafetensorsFile(path: string): Promise<Safetensors> {
  const { handle, size } = await openRegular(path);
  try {
    // The header is checked first, so that a large file of something else is not read.
    await openSafetensors({ size, read: (offset, length) => readFully(handle, offset, length) });
    return decode(await readFully(handle, 0, size));
  } finally {
    await handle.close();
  }
}

async function openRegular(path: string): Promise<{ handle: FileHandle; size: number }> {
  const handle = await open(path, "r");
  try {
    const status = await handle.stat();
    if (!status.isFile()) {
      const got = status.isDirectory() ? "a directory" : "a device, pipe or socket";
      throw new SafetensorsError(`${path}: must be a file, got ${got}`);
    }
    return { handle, size: status.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bytes from an offset; fewer than asked for if the file ends before. */
async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const wanted = Math.min(length - done, maxCallBytes);
    const { bytesRead } = await handle.read(bytes, done, wanted, offset + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
