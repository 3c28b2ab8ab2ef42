/** A file that breaks the format, or tensors it cannot hold: `<where>: <what>, got <value>`. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

/** A name from a file, quoted, escaped and cut to a length that a message can bear. */
export function quote(name: string): string {
  return JSON.stringify(name.length <= 60 ? name : `${name.slice(0, 59)}…`);
}

/** `tensor "w"`, as errors name it. */
export function tensorNamed(name: string): string {
  return `tensor ${quote(name)}`;
}
