import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { HeatGrid } from "../../../chart/HeatGrid.tsx";
import { Announcer, Button, Formula, NumberField, Panel, Select } from "../../../design/index.ts";
import { shortNumber } from "../../../document/numbers.ts";
import { FIELD, REACH } from "./ganField.ts";
import { type GanState, LARGEST_SEED } from "./ganState.ts";
import { useGan } from "./useGan.ts";
import "./gan.css";

/** What the view takes. */
export interface GanProps {
  readonly state: GanState;
  readonly onChange: (part: Partial<GanState>) => void;
}

/** A generator and a discriminator at play: samples against data as it trains. */
export function GanPart({ state, onChange }: GanProps): JSX.Element {
  const { seed, pace } = state;
  const game = useGan(seed, pace);
  const { real, view, playing, error } = game;
  const field = useMemo(() => fieldRows(view?.field ?? []), [view]);
  const step = view?.step ?? 0;
  const said =
    view === undefined
      ? "The game is being set up."
      : `Step ${step}: samples cover ${view.modes} of 8 clouds, ${Math.round(100 * view.quality)} % of them lie in one.`;
  return (
    <div class="part gan">
      <Panel title="Samples against data">
        <div class="arena">
          <HeatGrid rows={field} scale={0.5} label={said} />
          <svg viewBox={`${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`} aria-hidden="true">
            <path class="real" d={dots(real)} />
            <path class="sample" d={dots(view?.samples ?? [])} />
          </svg>
        </div>
        <ul class="key">
          <li class="real">data: eight clouds on a ring</li>
          <li class="sample">samples of the generator</li>
          <li class="believed">taken for real by the discriminator</li>
          <li class="doubted">taken for a fake</li>
        </ul>
      </Panel>
      <div class="words">
        <Panel title="The game">
          <p>
            The generator makes points from noise; the discriminator tells them from data. Each step
            moves both: one to be told apart less, the other to tell better. Where both fields are
            pale, it can no longer tell.
          </p>
          <div class="row">
            <Button
              kind="primary"
              disabled={view === undefined}
              onClick={playing ? game.pause : game.play}
            >
              {playing ? "Pause" : "Play"}
            </Button>
            <Button disabled={playing || view === undefined} onClick={() => game.advance(1)}>
              One step
            </Button>
            <Button disabled={view === undefined} onClick={game.restart}>
              Restart
            </Button>
          </div>
          <div class="settings">
            <NumberField
              label="Seed"
              value={seed}
              min={0}
              max={LARGEST_SEED}
              onChange={(value) => onChange({ seed: Math.round(value) })}
            />
            <Select
              label="Pace"
              value={pace}
              options={[
                ["slow", "slow, to look on"],
                ["fast", "fast"],
              ]}
              onChange={(value) => onChange({ pace: value })}
            />
          </div>
          {error === undefined ? undefined : (
            <p class="note" role="alert">
              {error}
            </p>
          )}
        </Panel>
        <Panel title="How it stands">
          <dl class="standing">
            <dt>Steps</dt>
            <dd>{step}</dd>
            <dt>Clouds covered</dt>
            <dd>{view === undefined ? "–" : `${view.modes} of 8`}</dd>
            <dt>Samples in a cloud</dt>
            <dd>{view === undefined ? "–" : `${Math.round(100 * view.quality)} %`}</dd>
            <dt>Loss of the discriminator</dt>
            <dd>{view === undefined || step === 0 ? "–" : shortNumber(view.loss)}</dd>
          </dl>
          <p class="quiet-text">
            Its loss is <Formula latex="2 \ln 2 \approx 1.386" /> where it cannot tell at all.
          </p>
          <Announcer text={playing ? "" : said} />
        </Panel>
      </div>
    </div>
  );
}

/** Rows of the field about 0: above, taken for real. */
function fieldRows(field: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: FIELD }, (_, row) =>
    Array.from({ length: FIELD }, (_, column) => (field[row * FIELD + column] ?? 0.5) - 0.5),
  );
}

/** Points as one path of dots; y grows upward. */
function dots(points: readonly number[]): string {
  let d = "";
  for (let i = 0; i + 1 < points.length; i += 2) {
    d += `M${(points[i] ?? 0).toFixed(3)} ${(-(points[i + 1] ?? 0)).toFixed(3)}h0`;
  }
  return d;
}
