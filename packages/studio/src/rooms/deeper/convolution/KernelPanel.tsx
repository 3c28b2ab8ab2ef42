import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { HeatGrid, largestOf } from "../../../chart/HeatGrid.tsx";
import { Formula, Panel, Select, Slider } from "../../../design/index.ts";
import { shortNumber } from "../../../document/numbers.ts";
import { Scroller } from "../../../document/Scroller.tsx";
import type { ConvolutionProps } from "./convolutionState.ts";
import { featureOf, patchOf, productsOf } from "./featureMap.ts";
import { KernelField } from "./KernelField.tsx";
import type { Rows } from "./reader.ts";
import { SIZE } from "./readerModel.ts";

/** A kernel on the image: the map it makes, one place worked out, pooling. */
export function KernelPanel(props: ConvolutionProps & { readonly image: Rows }): JSX.Element {
  const { state, image, onChange } = props;
  const { kernel, pooling, row, column } = state;
  const rows = useMemo(() => [0, 3, 6].map((at) => kernel.slice(at, at + 3)), [kernel]);
  const { map, active, pooled } = useMemo(
    () => featureOf(image, rows, pooling),
    [image, rows, pooling],
  );
  const patch = patchOf(image, 3, row, column);
  const products = productsOf(patch, rows);
  const scale = largestOf(map);
  const pick = (atRow: number, atColumn: number): void =>
    onChange({ row: atRow, column: atColumn });
  const value = map[row]?.[column] ?? 0;
  return (
    <Panel title="A kernel on the image">
      <p>
        The kernel goes over the image. At each place, what lies under it is multiplied element by
        element and added up: one number of the feature map. Point at a place, or move the sliders.
      </p>
      <div class="maps">
        <KernelField kernel={kernel} onKernel={(next) => onChange({ kernel: next })} />
        <figure>
          <HeatGrid
            rows={image}
            scale={1}
            label="The image"
            mark={{ row: row - 1, column: column - 1, side: 3 }}
            onCell={pick}
          />
          <figcaption>Image</figcaption>
        </figure>
        <figure>
          <HeatGrid
            rows={map}
            scale={scale}
            label="Feature map: above 0 in blue, below 0 in red"
            mark={{ row, column, side: 1 }}
            onCell={pick}
          />
          <figcaption>Feature map</figcaption>
        </figure>
        <figure>
          <HeatGrid rows={active} scale={scale} label="What is above 0 in the map" />
          <figcaption>ReLU</figcaption>
        </figure>
        <figure>
          <HeatGrid
            rows={pooled}
            scale={scale}
            label="The map after pooling: 8 by 8"
            mark={{ row: Math.floor(row / 2), column: Math.floor(column / 2), side: 1 }}
          />
          <figcaption>Pooled, 8 × 8</figcaption>
        </figure>
      </div>
      <div class="place">
        <Slider
          label="Row"
          value={row}
          min={0}
          max={SIZE - 1}
          step={1}
          onChange={(to) => onChange({ row: to })}
        />
        <Slider
          label="Column"
          value={column}
          min={0}
          max={SIZE - 1}
          step={1}
          onChange={(to) => onChange({ column: to })}
        />
        <Select
          label="Pooling"
          value={pooling}
          options={[
            ["max", "the largest of 2 × 2"],
            ["average", "the mean of 2 × 2"],
          ]}
          onChange={(choice) => onChange({ pooling: choice })}
        />
      </div>
      <Scroller label="The sum at this place">
        <Formula latex={sumLatex(patch, rows, value)} />
      </Scroller>
      <p class="quiet-text">
        The products are {products.flat().map(shortNumber).join(", ")}: their sum{" "}
        {shortNumber(value)} stands in row {row}, column {column} of the map.
      </p>
    </Panel>
  );
}

/** `patch ⊙ kernel → sum`, as matrices. */
function sumLatex(patch: Rows, kernel: Rows, sum: number): string {
  const matrix = (rows: Rows): string => {
    const lines = rows.map((row) =>
      row.map((one) => shortNumber(one).replace("−", "-")).join(" & "),
    );
    return `\\begin{bmatrix} ${lines.join(" \\\\ ")} \\end{bmatrix}`;
  };
  return `\\sum \\; ${matrix(patch)} \\odot ${matrix(kernel)} = ${shortNumber(sum).replace("−", "-")}`;
}
