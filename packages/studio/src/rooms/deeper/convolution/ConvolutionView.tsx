import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { HeatGrid } from "../../../chart/HeatGrid.tsx";
import { Announcer, Button, Panel, Slider } from "../../../design/index.ts";
import { shortNumber } from "../../../document/numbers.ts";
import { type ConvolutionProps, FARTHEST } from "./convolutionState.ts";
import { DrawingPad } from "./DrawingPad.tsx";
import { KernelPanel } from "./KernelPanel.tsx";
import { LayerMaps } from "./LayerMaps.tsx";
import { ReadingBars } from "./ReadingBars.tsx";
import { digitReader } from "./reader.ts";
import { exampleDigit, inkOf } from "./strokes.ts";
import "./convolution.css";

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
      : `The network reads a ${reading.digit}, sure to ${Math.round(100 * sure)}\u00a0%.`;
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
