/** What a permalink holds. */
export interface Place {
  readonly room: string;
  /** The room's own state; undefined: its beginning. */
  readonly state: unknown;
}

/** What a link came to: a place, or the sentence that says why it is none. */
export type ReadPlace = Place | { readonly note: string };

/** Of this form of links; another number is another form. */
const VERSION = 1;

/** Letters of a link that are read at all, and bytes of the state they may unfold to. */
export const LONGEST_LINK = 65_536;
const LARGEST_STATE = 1_048_576;

/** `#room=chain-rule&s=…`: the room, and its state as deflated JSON in letters safe for addresses. */
export async function writePermalink({ room, state }: Place): Promise<string> {
  const text = JSON.stringify({ v: VERSION, state });
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  return `#room=${encodeURIComponent(room)}&s=${toBase64Url(bytes)}`;
}

/** The place a link leads to; never throws, whatever the link holds. */
export async function readPermalink(hash: string): Promise<ReadPlace | undefined> {
  if (hash.length <= 1) return undefined;
  if (hash.length > LONGEST_LINK) {
    return { note: `a link must have at most ${LONGEST_LINK} letters, got ${hash.length}` };
  }
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const room = parts.get("room");
  if (room === null) return { note: "a link must name its room" };
  const packed = parts.get("s");
  if (packed === null) return { room, state: undefined };
  try {
    const bytes = await through(fromBase64Url(packed), new DecompressionStream("deflate-raw"));
    const read: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const held = typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
    if (held["v"] !== VERSION)
      return { note: "this link was made by another version of this page" };
    return { room, state: held["state"] };
  } catch {
    return { note: "this link is damaged, and the room is at its beginning" };
  }
}

/** Bytes through a stream; an error where more comes out than a state may hold. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > LARGEST_STATE) {
      await reader.cancel();
      throw new Error(`permalink: a state must have at most ${LARGEST_STATE} bytes`);
    }
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
