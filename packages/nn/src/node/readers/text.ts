import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError } from "@chainrule/core";

/** Options of `readText`. */
export interface TextOptions {
  /** How the names of the files of a folder end; `.txt` and `.md` unless given. */
  readonly endings?: readonly string[];
  /** The most bytes of all files together; 256 MiB unless given. */
  readonly limit?: number;
  /** What stands between two files; an empty line unless given. */
  readonly between?: string;
}

/**
 * The text of a file in UTF-8, or of all files in a folder and below, by name.
 *
 * Throws ArgumentError for bytes that are no UTF-8, for a folder without such files, and beyond `limit`.
 */
export async function readText(path: string, options: TextOptions = {}): Promise<string> {
  const { endings = [".txt", ".md"], limit = 2 ** 28, between = "\n\n" } = options;
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? await readdir(path, { recursive: true }) : [];
  const chosen = names.filter((name) => endings.some((ending) => name.endsWith(ending))).sort();
  const files: string[] = isFolder ? [] : [path];
  for (const name of chosen) {
    if ((await stat(join(path, name))).isFile()) files.push(join(path, name));
  }
  if (files.length === 0) {
    throw new ArgumentError(
      `readText: ${path}: the folder must hold files that end in ${endings.join(" or ")}, got none`,
    );
  }
  const texts: string[] = [];
  let bytes = 0;
  for (const file of files) {
    bytes += (await stat(file)).size;
    if (bytes > limit) {
      throw new ArgumentError(
        `readText: ${path}: there must be at most ${limit} bytes of text (option limit), got more`,
      );
    }
    texts.push(decode(await readFile(file), file));
  }
  return texts.join(between);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ArgumentError(`readText: ${file}: the file must be UTF-8, got other bytes`);
  }
}
