import { ArgumentError } from "@chainrule/core";

/** Pages have no files: throws ArgumentError that says what to use. */
export function writeFile(path: string, _bytes: Uint8Array): Promise<void> {
  return Promise.reject(
    new ArgumentError(
      `save: files must be at hand, got a browser with ${path}; keep the bytes of t.checkpoint()`,
    ),
  );
}

/** Pages have no files: throws ArgumentError that says what to use. */
export function readFile(path: string): Promise<Uint8Array> {
  return Promise.reject(
    new ArgumentError(
      `load: files must be at hand, got a browser with ${path}; give the bytes to t.restore(bytes)`,
    ),
  );
}
