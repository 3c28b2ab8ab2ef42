import { isUtf8 } from "node:buffer";
import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { UsageError } from "./usageError.ts";

/** Longer texts are no expressions anybody typed. */
const MAX_BYTES = 64 * 2 ** 20;

/** A text with how its file holds it, so that what is not changed is written as it was, byte by byte. */
export interface TextFile {
  readonly text: string;
  /** Bytes that are no UTF-8 are letters of one byte each. */
  readonly encoding: "utf8" | "latin1";
  /** The mark that some editors begin a file with. */
  readonly begin: "" | "\uFEFF";
}

/** The text of a file, or of standard input for `-`. */
export function readText(path: string): string {
  return bytesOf(path)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** The text of a file that is to be written again. */
export function readTextFile(path: string): TextFile {
  const bytes = bytesOf(path);
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  const text = bytes.toString(encoding);
  return text.startsWith("\uFEFF")
    ? { text: text.slice(1), encoding, begin: "\uFEFF" }
    : { text, encoding, begin: "" };
}

/** The bytes of a text in the file it was read from. Throws UsageError for letters it cannot hold. */
export function bytesAs({ encoding, begin }: TextFile, path: string, text: string): Uint8Array {
  const strange = encoding === "latin1" ? /[\u0100-\u{10ffff}]/u.exec(text)?.[0] : undefined;
  if (strange !== undefined) {
    throw new UsageError(`${path}: the file must be UTF-8 to hold "${strange}", got other bytes`);
  }
  return Buffer.from(begin + text, encoding);
}

function bytesOf(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new UsageError(`${path}: the file must be readable, got ${codeOf(error)}`);
  }
  if (bytes.length > MAX_BYTES) {
    throw new UsageError(`${path}: the file must have at most 64 MiB, got ${bytes.length} bytes`);
  }
  return bytes;
}

/** Writes a file whole or not at all; one that is there keeps its links and rights, a device is written to. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  let part: string | undefined;
  try {
    const isThere = existsSync(path);
    if (isThere && !statSync(path).isFile()) {
      writeFileSync(path, content);
      return;
    }
    const target = isThere ? realpathSync(path) : path;
    part = `${target}.${process.pid}.part`;
    writeFileSync(part, content);
    if (isThere) chmodSync(part, statSync(target).mode);
    renameSync(part, target);
  } catch (error) {
    if (part !== undefined) rmSync(part, { force: true });
    throw new UsageError(`${path}: the file must be writable, got ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
