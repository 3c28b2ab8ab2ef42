/** Text as numbers 0 … size − 1, and back. */
export interface Tokens {
  /** How many different tokens there are. */
  readonly size: number;
  encode(text: string): Int32Array;
  decode(tokens: ArrayLike<number>): string;
}
