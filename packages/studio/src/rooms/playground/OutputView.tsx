import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import { FIELD, UNIT_FIELD } from "../../training/fieldPoints.ts";
import type { Frame, FrameDetail, SessionFacts } from "../../training/frame.ts";
import { REACH } from "../../training/trainingSettings.ts";
import { featurePictures } from "./featurePictures.ts";
import { Picture } from "./Picture.tsx";
import { type Palette, paintField, paintPoints, paintUnit } from "./paint.ts";
import type { Sight } from "./sight.ts";
import { percent, short } from "./text.ts";

/** What the view takes. */
export interface OutputProps {
  readonly frame: ReadonlySignal<Frame | undefined>;
  readonly facts: SessionFacts | undefined;
  readonly detail: ReadonlySignal<FrameDetail | undefined>;
  /** A feature or unit that is shown in the output's place. */
  readonly sight: ReadonlySignal<Sight | undefined>;
  /** Whether only sides are shown, not how sure the network is. */
  readonly sharp: boolean;
  /** Whether the points held out are drawn too. */
  readonly held: boolean;
  /** Called with a place that was clicked, where points may be set. */
  readonly onPlace?: ((x: number, y: number) => void) | undefined;
}

/** Pixels a side of the picture of points: twice the largest size shown. */
const SIDE = 640;

/** The decision boundary under the points. */
export function OutputView(props: OutputProps): JSX.Element {
  const { facts, held, onPlace } = props;
  const drawPoints = useCallback(
    (canvas: HTMLCanvasElement, colours: Palette) => {
      const none = { training: [], validation: [], classes: 2 };
      paintPoints(canvas, facts ?? none, colours, { held, radius: 9 });
    },
    [facts, held],
  );
  const place = (event: MouseEvent & { readonly currentTarget: HTMLDivElement }): void => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const x = REACH * ((2 * (event.clientX - left)) / width - 1);
    const y = REACH * (1 - (2 * (event.clientY - top)) / height);
    onPlace?.(x, y);
  };
  return (
    // The keyboard sets points by the fields beside it.
    // biome-ignore lint/a11y/noStaticElementInteractions: a pointer's shortcut for those fields.
    // biome-ignore lint/a11y/useKeyWithClickEvents: a pointer's shortcut for those fields.
    <div
      class={onPlace === undefined ? "field-picture" : "field-picture live"}
      onClick={onPlace === undefined ? undefined : place}
    >
      <Field {...props} />
      <Picture class="points" side={SIDE} draw={drawPoints} />
      <span class="axis across" aria-hidden="true">
        x
      </span>
      <span class="axis up" aria-hidden="true">
        y
      </span>
    </div>
  );
}

/** Drawn with every frame, alone. */
function Field({ frame, facts, detail, sight, sharp }: OutputProps): JSX.Element {
  const { value } = frame;
  const at = sight.value;
  // The network's inside is asked for only while somebody looks there.
  const seen = at !== undefined && "column" in at ? detail.value?.seen[at.column] : undefined;
  const shown =
    at !== undefined && ("feature" in at || seen?.length === at.of * UNIT_FIELD ** 2)
      ? at
      : undefined;
  const draw = useCallback(
    (canvas: HTMLCanvasElement, colours: Palette) => {
      if (shown !== undefined && "feature" in shown) {
        featurePictures[shown.feature](canvas, colours, sharp);
      } else if (shown !== undefined && seen !== undefined) {
        paintUnit(canvas, seen, shown, colours, sharp);
      } else if (value?.field.length === (facts?.depth ?? 0) * FIELD ** 2) {
        // A session's facts come before its first frame.
        if (facts !== undefined) paintField(canvas, value.field, facts, colours, sharp);
      }
    },
    [shown === undefined ? value : undefined, facts, seen, shown, sharp],
  );
  return (
    <>
      <Picture
        class="field"
        side={FIELD}
        draw={draw}
        label={
          shown === undefined
            ? described(value, facts)
            : `What ${shown.name} gives over x and y from −${REACH} to ${REACH}`
        }
      />
      {shown === undefined ? undefined : (
        <span class="seen" aria-hidden="true">
          {shown.name}
        </span>
      )}
    </>
  );
}

function described(frame: Frame | undefined, facts: SessionFacts | undefined): string {
  if (frame === undefined || facts === undefined) return "No network yet";
  const what = facts.classes === 0 ? "Surface of the output" : "Decision boundary";
  const { training, validation } = frame;
  const right =
    facts.classes === 0
      ? `loss in training ${short(training.loss)}, held out ${short(validation.loss)}`
      : `right: ${percent(training.accuracy)} in training, ${percent(validation.accuracy)} held out`;
  return `${what} over x and y from −${REACH} to ${REACH} after ${frame.epoch} epochs; ${right}`;
}
