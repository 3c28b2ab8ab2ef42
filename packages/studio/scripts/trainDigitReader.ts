import { writeFileSync } from "node:fs";
import { Tensor } from "@chainrule/core";
import {
  concatExamples,
  type Dataset,
  type DigitsOptions,
  digits,
  drawStrokes,
  random,
} from "@chainrule/nn";
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

/** Ones with a foot, as in print, which the drawn digits have none of. */
function footedOnes(examples: number, seed: number): Dataset {
  const data = new Float32Array(examples * SIZE * SIZE);
  for (let i = 0; i < examples; i++) {
    const generator = random(seed, "footed", i);
    const about = (value: number, by: number): number => value + by * (2 * generator.uniform() - 1);
    const [x, lean] = [about(0.5, 0.05), about(0, 0.05)];
    const [top, bottom] = [about(0.15, 0.03), about(0.85, 0.03)];
    const nose = [x - about(0.16, 0.06), top + about(0.12, 0.05)] as const;
    const foot = about(0.2, 0.08);
    const ink = drawStrokes(
      [
        [nose, [x + lean, top]],
        [
          [x + lean, top],
          [x, bottom],
        ],
        [
          [x - foot, about(bottom, 0.02)],
          [x + foot, about(bottom, 0.02)],
        ],
      ],
      { size: SIZE, pen: about(0.085, 0.035) },
    );
    data.set(ink.data, i * SIZE * SIZE);
  }
  return {
    inputs: new Tensor([examples, 1, SIZE, SIZE], data),
    targets: new Tensor([examples], new Int32Array(examples).fill(1)),
  };
}

const learnt = concatExamples(hands(20_000, SEED), footedOnes(1000, SEED));
const heldOut = concatExamples(hands(4000, SEED + 1_000_000), footedOnes(200, SEED + 1_000_000));
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
