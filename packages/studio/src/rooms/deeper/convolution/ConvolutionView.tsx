import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { HeatGrid, largestOf } from "../../../chart/HeatGrid.tsx";
import { Announcer, Button, Formula, Panel, Select, Slider } from "../../../design/index.ts";
import { shortNumber } from "../../../document/numbers.ts";
import { Scroller } from "../../../document/Scroller.tsx";
import { type ConvolutionState, FARTHEST } from "./convolutionState.ts";
import { DrawingPad } from "./DrawingPad.tsx";
import { featureOf, patchOf, productsOf } from "./featureMap.ts";
import { KernelField } from "./KernelField.tsx";
import { LayerMaps } from "./LayerMaps.tsx";
import { ReadingBars } from "./ReadingBars.tsx";
import { digitReader, type Rows } from "./reader.ts";
import { SIZE } from "./readerModel.ts";
import { exampleDigit, inkOf } from "./strokes.ts";
import "./convolution.css";

/** What the view takes. */
export interface ConvolutionProps {
  readonly state: ConvolutionState;
  readonly onChange: (part: Partial<ConvolutionState>) => void;
}

/** Convolution and pooling at work on a drawn digit, and a network of them that reads it. */
export function ConvolutionView({ state, onChange }: ConvolutionProps): JSX.Element {
  const { drawing, shift } = state;
  const image = useMemo(() => inkOf(drawing, shift), [drawing, shift]);
  const reader = digitReader();
  const reading = useMemo(
    () => (drawing.length === 0 ? undefined : reader.read(image)),
    [image, drawing, reader],
  );
  const sure = reading?.shares[reading.digit] ?? 0;
  const verdict =
    reading === undefined
      ? "Draw a digit, and the network reads along."
      : `The network reads a ${reading.digit}, sure to ${Math.round(100 * sure)} %.`;
  return (
    <div class="part convolution">
      <Panel
        title="Draw a digit"
        actions={<Button onClick={() => onChange({ drawing: [] })}>Clear</Button>}
      >
        <div class="drawn">
          <div class="sheet">
            <DrawingPad drawing={drawing} onDraw={(next) => onChange({ drawing: next })} />
            <fieldset class="group row examples" aria-label="Examples">
              {[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => (
                <Button
                  key={digit}
                  kind="quiet"
                  label={`Example of a ${digit}`}
                  onClick={() => onChange({ drawing: exampleDigit(digit) })}
                >
                  {digit}
                </Button>
              ))}
            </fieldset>
          </div>
          <figure>
            <HeatGrid rows={image} scale={1} label="The drawing as 16 by 16 pixels" />
            <figcaption>What the network sees: 16 × 16 pixels, in the middle.</figcaption>
            <Slider
              label="Moved to the right by"
              value={shift}
              min={-FARTHEST}
              max={FARTHEST}
              step={1}
              shown={`${shortNumber(shift)} px`}
              onChange={(by) => onChange({ shift: by })}
            />
          </figure>
          <div>
            <p class="verdict-line">
              <b>{verdict}</b>
            </p>
            <ReadingBars reading={reading} />
            <p class="quiet-text">
              3946 weights; {(100 * reader.accuracy).toFixed(1)} % right on drawings it has not
              seen.
            </p>
          </div>
        </div>
        <Announcer text={verdict} />
      </Panel>
      <KernelPanel state={state} image={image} onChange={onChange} />
      {reading === undefined ? undefined : (
        <LayerMaps maps={reading.maps} kernels={reader.kernels} />
      )}
    </div>
  );
}

/** A kernel on the image: the map it makes, one place worked out, pooling. */
function KernelPanel(props: ConvolutionProps & { readonly image: Rows }): JSX.Element {
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
