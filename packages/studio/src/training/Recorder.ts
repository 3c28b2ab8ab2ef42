/** What an epoch came to, for the curves. Accuracies are NaN for regression. */
export interface Moment {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly heldLoss: number;
  readonly heldAccuracy: number;
}

/** More moments than a curve has pixels are not seen. */
const MOST = 400;

/** The course of training in at most 400 moments: every second one goes when there are more. */
export class Recorder {
  #moments: Moment[] = [];
  #stride = 1;

  /** Whether the moment of an epoch is to be kept; others need not be measured. */
  wants(epoch: number): boolean {
    return epoch % this.#stride === 0;
  }

  add(moment: Moment): void {
    this.#moments.push(moment);
    if (this.#moments.length <= MOST) return;
    this.#stride *= 2;
    this.#moments = this.#moments.filter(({ epoch }) => this.wants(epoch));
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }
}
