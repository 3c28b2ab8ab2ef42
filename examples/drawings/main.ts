import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tensor } from "@chainrule/core";
import { layer, sequential } from "@chainrule/nn";
import { type HeatMapOptions, type HeatMapPanel, heatMap, plot } from "@chainrule/render";
import { drawings } from "../digitsGan.ts";
import { attentionOf, reverser } from "../reversal.ts";
import { drawnDigits } from "../support/digitData.ts";
import { digitReader, pooled } from "../support/digitReader.ts";
import { quiet } from "../support/example.ts";
import { vanishing } from "../vanishing.ts";

// Draws what examples found, with seed 1, beside this file: `npm run examples -- drawings`.

const run = quiet(1);

function save(name: string, svg: string): void {
  const file = fileURLToPath(new URL(`${name}.svg`, import.meta.url));
  writeFileSync(file, svg);
  console.log(relative(process.cwd(), file));
}

function saveMap(name: string, panels: readonly HeatMapPanel[], options: HeatMapOptions): void {
  save(name, heatMap(panels, { id: name, ...options }));
}

/** Matrices [height, width] of a tensor [..., height, width], those of the first examples or filters. */
function matrices({ shape, data }: Tensor, count: number): number[][][] {
  const [height = 0, width = 0] = shape.slice(-2);
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: height }, (_, row) => {
      const start = (i * height + row) * width;
      return Array.from(data.subarray(start, start + width));
    }),
  );
}

const { depths, sigmoid, relu } = await vanishing.run(run);
/** By depth, which begins at 2. */
const byDepth = (values: readonly number[]) => [
  ...Array.from({ length: depths[0] ?? 0 }, () => Number.NaN),
  ...values,
];
save(
  "vanishing",
  plot(
    {
      kind: "loss",
      series: [
        { name: "sigmoid", values: byDepth(sigmoid) },
        { name: "ReLU, He's weights", values: byDepth(relu) },
      ],
      logarithmic: true,
      by: "depth",
      name: "ratio of gradients",
    },
    { id: "vanishing", title: "The first layer's gradient over the last's" },
  ),
);

const [first, others] = [pooled.slice(0, 1), pooled.slice(1)];
const seen = layer("seen", (x, scope) => {
  const maps = scope.use(sequential(...first))(x);
  scope.tap("maps", maps);
  return maps;
});
const { learnt, heldOut } = drawnDigits(run.seed);
const reader = await digitReader([seen, ...others], learnt, run);
const kernel = reader.parameters[0] ?? "";
saveMap(
  "kernels",
  matrices(reader.get(kernel), 8).map((rows) => ({ rows })),
  { title: "First kernels of a network that reads digits" },
);
const examples = heldOut(0);
const taps = reader.inspect(examples.inputs);
const maps = Object.entries(taps).find(([name]) => name.endsWith("maps"))?.[1] as Tensor;
saveMap(
  "featureMaps",
  [
    { name: `input: ${examples.targets.data[0]}`, rows: matrices(examples.inputs, 1)[0] ?? [] },
    ...matrices(maps, 8).map((rows, i) => ({ name: `kernel ${i}`, rows })),
  ],
  { title: "What the kernels answer to a digit", beside: 5 },
);

const { t, heldOut: sequences } = await reverser(16, run);
saveMap(
  "attention",
  attentionOf(t, sequences).map((rows, head) => ({ name: `head ${head}`, rows })),
  {
    title: "Attention of a transformer that turns sequences round",
    caption: "row: the place that is written; column: the place that it looks at",
  },
);

const { drawn } = await drawings(100, run);
saveMap(
  "digitsGan",
  matrices(drawn.inputs, 30).map((rows) => ({ rows })),
  { title: "Digits that a generator drew", beside: 10 },
);
