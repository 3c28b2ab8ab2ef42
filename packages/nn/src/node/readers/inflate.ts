import { createGunzip } from "node:zlib";
import { ArgumentError } from "@chainrule/core";

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The first `limit` bytes that a gzip file holds, or all where there are fewer; no more are inflated.
 *
 * Throws ArgumentError for bytes that are no gzip, or end too early.
 */
export async function gunzipUpTo(
  bytes: Uint8Array,
  limit: number,
  where: string,
): Promise<Uint8Array> {
  const stream = createGunzip();
  stream.end(bytes);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    // Leaving the loop destroys the stream.
    for await (const part of stream as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length >= limit) break;
    }
  } catch (error) {
    throw new ArgumentError(`${where}: the file must be whole gzip, got: ${String(error)}`);
  }
  return new Uint8Array(Buffer.concat(parts).subarray(0, limit));
}
