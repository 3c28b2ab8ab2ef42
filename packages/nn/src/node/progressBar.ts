import { SingleBar } from "cli-progress";
import type { Progress } from "../train/index.ts";

/** Where a progress bar is drawn: a terminal, or something that is none. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): boolean;
}

/** Options of `progressBar`. */
export interface ProgressBarOptions {
  /** Epochs of the call of `fit`. */
  readonly epochs: number;
  /** What is shown beside the loss, such as `accuracy`, of the examples held out where there are any. */
  readonly metric?: string;
  /** Standard error unless given. */
  readonly stream?: NodeJS.WriteStream | ProgressStream;
}

/** The part of an epoch that is shown. */
export interface ShownEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validation?: { readonly loss: number } | undefined;
  readonly stopped?: string | undefined;
}

/** Callbacks for `fit`, and an end for training that fails. */
export interface ProgressBar {
  readonly onBatch: (progress: Progress) => void;
  readonly onEpoch: (epoch: ShownEpoch) => void;
  /** Leaves the bar as it is, below it the next line; for training that ends before its last epoch. */
  readonly end: () => void;
}

/**
 * A progress bar with epoch, loss, metric, speed and time left: `t.fit(data, { epochs, ...progressBar({ epochs }) })`.
 *
 * Drawn on a terminal; where the stream is none (a pipe, a file), nothing is written.
 */
export function progressBar(options: ProgressBarOptions): ProgressBar {
  const { epochs, metric, stream = process.stderr } = options;
  if (stream.isTTY !== true) {
    return { onBatch: () => undefined, onEpoch: () => undefined, end: () => undefined };
  }
  const shown = metric === undefined ? "" : ` · ${metric} {metric}`;
  const bar = new SingleBar({
    format: `{bar} epoch {epoch}/${epochs} · loss {loss}${shown} · {speed} batches/s · {eta_formatted} left`,
    stream: stream as NodeJS.WriteStream,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    etaBuffer: 200,
  });
  let first: number | undefined;
  let began = 0;
  let batches = 0;
  let measured = "–";
  const start = (epoch: number): number => {
    if (first === undefined) {
      first = epoch;
      began = performance.now();
      bar.start(epochs, 0, { epoch: 1, loss: "–", metric: measured, speed: "–" });
    }
    return epoch - first;
  };
  return {
    onBatch: ({ epoch, batch, batches: all, loss }) => {
      const done = start(epoch);
      batches++;
      const seconds = (performance.now() - began) / 1000;
      const speed = seconds > 0 ? Math.round(batches / seconds) : "–";
      const share = all === undefined ? 0 : batch / all;
      bar.update(done + share, { epoch: done + 1, loss: brief(loss), metric: measured, speed });
    },
    onEpoch: (epoch) => {
      const done = start(epoch.epoch) + 1;
      const { validation } = epoch;
      const all = (validation ?? epoch) as unknown as Readonly<Record<string, number>>;
      measured = brief(metric === undefined ? Number.NaN : (all[metric] ?? Number.NaN));
      bar.update(done, { epoch: done, loss: brief(all["loss"] as number), metric: measured });
      if (done >= epochs || epoch.stopped !== undefined) bar.stop();
    },
    end: () => bar.stop(),
  };
}

function brief(value: number): string {
  if (Number.isNaN(value)) return "–";
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4
    ? value.toFixed(4)
    : value.toExponential(2);
}
