import type { Frame, SessionFacts } from "./frame.ts";
import type { SessionStart } from "./TrainingSession.ts";
import type { TrainingSettings } from "./trainingSettings.ts";

/** What the page asks of the worker. Every order but the first is about the session that began last. */
export type Order =
  | {
      readonly kind: "begin";
      readonly id: number;
      readonly settings: TrainingSettings;
      /** Where to go on; `kept`: from the weights of the session before. */
      readonly start?: SessionStart | "kept" | undefined;
    }
  /** Trains on, at most so many epochs a second. */
  | { readonly kind: "run"; readonly pace: number | undefined }
  | { readonly kind: "pause" }
  | { readonly kind: "epoch" }
  | {
      readonly kind: "weight";
      readonly member: number;
      readonly index: number;
      readonly value: number;
    }
  | { readonly kind: "frame"; readonly member: number; readonly detail: boolean }
  /** Asks for the weights, to go on from later. */
  | { readonly kind: "keep" };

/** What the worker answers, with the number of the session that it is about. */
export type Answer =
  | {
      readonly kind: "begun";
      readonly id: number;
      readonly facts: SessionFacts;
      readonly epoch: number;
    }
  | { readonly kind: "refused"; readonly id: number; readonly message: string }
  | { readonly kind: "frame"; readonly id: number; readonly frame: Frame }
  | { readonly kind: "kept"; readonly id: number; readonly start: SessionStart }
  /** An order could not be followed; the session stays as it is. */
  | { readonly kind: "problem"; readonly id: number; readonly message: string };
