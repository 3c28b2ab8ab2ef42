/** One derivative of a textbook. */
export interface TextbookDerivative {
  readonly name: string;
  /** The function, in our text syntax. */
  readonly text: string;
  /** The variable of differentiation. */
  readonly wrt: string;
  /** The exact text of the simplified derivative. */
  readonly derivative: string;
  readonly source: string;
  /** How often to differentiate; once if absent. */
  readonly order?: 2;
  /** Names in `text` that are functions without a body. */
  readonly functions?: readonly string[];
  /** Interval of the domain to take every variable from; [0.2, 0.9] if absent. */
  readonly domain?: readonly [low: number, high: number];
}

/** What a row may say beside its four texts. */
export type Options = Pick<TextbookDerivative, "order" | "functions" | "domain">;

/** One entry but for its source. */
export type Row = readonly [
  name: string,
  text: string,
  wrt: string,
  derivative: string,
  options?: Options,
];

/** Entries of one source. */
export function from(source: string, rows: readonly Row[]): TextbookDerivative[] {
  return rows.map(([name, text, wrt, derivative, options]) => {
    return { name, text, wrt, derivative, source, ...options };
  });
}
