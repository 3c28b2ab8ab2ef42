import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { encodeChunks, type Named } from "../encode.ts";
import type { Tensor } from "../tensor.ts";

/** Most bytes handed over in one system call; Node refuses 2^31 and more. */
const maxCallBytes = 2 ** 30;

/**
 * Writes a file so that its path always holds the old content or the new, whole.
 *
 * The bytes go to a new file beside it, are forced to the disk, and take the name by one `rename`.
 * A process that dies before leaves the old file, and the other as `<path>.<process>-<n>.tmp`.
 * Links are followed; an existing file's permissions are kept. The tensors must not change
 * meanwhile. Throws SafetensorsError, before it makes any file, if the tensors cannot be written,
 * and what Node throws if the disk refuses; the file beside is then removed.
 */
export async function writeSafetensorsFile(
  path: string,
  tensors: Named<Tensor>,
  metadata: Named<string> = {},
): Promise<void> {
  const { chunks } = encodeChunks(tensors, metadata);
  const target = await unlessMissing(realpath(path), path);
  const old = await unlessMissing(stat(target), undefined);
  const temporary = await openBeside(target);
  try {
    try {
      if (old !== undefined) await temporary.handle.chmod(old.mode & 0o7777);
      for (const chunk of chunks) await writeFully(temporary.handle, chunk);
      await temporary.handle.sync();
    } finally {
      await temporary.handle.close();
    }
    await rename(temporary.path, target);
  } catch (error) {
    await rm(temporary.path, { force: true });
    throw error;
  }
  await syncDirectory(dirname(target));
}

/** A new file in the directory of `target`, of a name that no other has. */
async function openBeside(target: string): Promise<{ handle: FileHandle; path: string }> {
  for (let n = 1; ; n++) {
    const path = `${target}.${process.pid}-${n}.tmp`;
    try {
      return { handle: await open(path, "wx"), path };
    } catch (error) {
      // Left by a process that died, or made by another write of this one.
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, maxCallBytes);
    const { bytesWritten } = await handle.write(bytes, done, length);
    done += bytesWritten;
  }
}

/** Makes a rename durable; Windows has no such call and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<A, B>(found: Promise<A>, otherwise: B): Promise<A | B> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return otherwise;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
