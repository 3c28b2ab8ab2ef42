import { writeFileSync } from "node:fs";
import { concatExamples, type Dataset, type DigitsOptions, digits } from "@chainrule/nn";
import { encode, type Tensor as Stored } from "@chainrule/safetensors";
import { SIZE, untrainedReader } from "../src/rooms/deeper/convolution/readerModel.ts";

// npx tsx --conditions=@chainrule/source packages/studio/scripts/trainDigitReader.ts
// trains the network that reads drawn digits, and writes its weights for the page.

const SEED = 7;
const BATCH = 50;
const EPOCHS = 12;

/** Many hands: thin and broad pens, moved, bent more than usual. */
function hands(examples: number, seed: number): Dataset {
  const kinds: Omit<DigitsOptions, "examples" | "seed">[] = [
    { pen: [0.05, 0.1] },
    { pen: [0.04, 0.13], deformation: 1.4 },
    { pen: [0.06, 0.13], deformation: 1.2, shift: [1, 1] },
    { pen: [0.06, 0.13], deformation: 1.2, shift: [-1, -1] },
  ];
  const share = Math.floor(examples / kinds.length);
  const sets = kinds.map((kind, i) =>
    digits({ ...kind, size: SIZE, examples: share, seed: seed + 1000 * i }),
  );
  return concatExamples(...(sets as [Dataset, ...Dataset[]]));
}

const learnt = hands(20_000, SEED);
const heldOut = hands(4000, SEED + 1_000_000);
const steps = (EPOCHS * learnt.targets.data.length) / BATCH;
const reader = untrainedReader(steps, SEED);
for await (const epoch of reader.fit(learnt, { epochs: EPOCHS, batch: BATCH })) {
  console.log(`epoch ${epoch.epoch}: loss ${epoch.loss.toFixed(4)}`);
}
const { accuracy } = reader.evaluate(heldOut);
console.log(`accuracy on drawings not seen: ${(100 * accuracy).toFixed(2)} %`);

const weights: Record<string, Stored> = {};
for (const path of reader.parameters) {
  const { shape, data } = reader.get(path);
  weights[path] = { dtype: "F32", shape: [...shape], data: Float32Array.from(data) };
}
const bytes = encode(weights, { accuracy: accuracy.toFixed(4), seed: String(SEED) });
const file = new URL("../src/rooms/deeper/convolution/digitReader.safetensors", import.meta.url);
writeFileSync(file, bytes);
console.log(`${bytes.length} bytes`);
