import { Bytes } from "./bytes.ts";

/** A module followed by a custom section, which engines pass over and `WebAssembly.Module.customSections` reads. */
export function withCustomSection(
  module: Uint8Array,
  name: string,
  content: Uint8Array,
): Uint8Array {
  const section = new Bytes();
  section.name(name);
  section.append(content);
  const out = new Bytes();
  out.append(module);
  out.u8(0);
  out.sized(section.view());
  return out.view();
}
