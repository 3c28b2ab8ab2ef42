// Writes files of 16 MB to one path, each with its version in every element, until it is killed.
import { writeSafetensorsFile } from "@chainrule/safetensors/node";

const path = process.argv[2] ?? "";
const data = new Float64Array(2 ** 21);
for (let version = 1; ; version++) {
  data.fill(version);
  const tensors = { w: { dtype: "F64", shape: [data.length], data } } as const;
  await writeSafetensorsFile(path, tensors, { version: `${version}` });
}
