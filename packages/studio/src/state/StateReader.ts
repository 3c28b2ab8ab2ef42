/**
 * Reads the parts of a permalink's state: what is missing takes its beginning in silence, what is wrong does so with
 * a sentence in `notes`. Nothing throws, whatever the link holds.
 */
export class StateReader {
  readonly notes: string[] = [];
  readonly #held: Readonly<Record<string, unknown>>;

  constructor(json: unknown) {
    const isRecord = typeof json === "object" && json !== null && !Array.isArray(json);
    if (!isRecord && json !== undefined) this.notes.push("the state must be an object");
    this.#held = isRecord ? (json as Record<string, unknown>) : {};
  }

  /** A finite number from `least` to `most`. */
  number(key: string, beginning: number, least: number, most: number): number {
    const found = this.#own(key);
    if (found === undefined) return beginning;
    if (isWithin(found, least, most)) return found;
    return this.#refuse(key, `must be a number from ${least} to ${most}`, beginning);
  }

  /** A whole number from `least` to `most`. */
  whole(key: string, beginning: number, least: number, most: number): number {
    const found = this.#own(key);
    if (found === undefined) return beginning;
    if (isWithin(found, least, most) && Number.isInteger(found)) return found;
    return this.#refuse(key, `must be a whole number from ${least} to ${most}`, beginning);
  }

  /** As many finite numbers as at the beginning, or from one to `longest` of them. */
  numbers(
    key: string,
    beginning: readonly number[],
    least: number,
    most: number,
    longest?: number,
  ): readonly number[] {
    const found = this.#own(key);
    if (found === undefined) return beginning;
    if (Array.isArray(found) && found.every((one) => isWithin(one, least, most))) {
      const { length } = found;
      const fits =
        longest === undefined ? length === beginning.length : length >= 1 && length <= longest;
      if (fits) return found as number[];
    }
    const count = longest === undefined ? `${beginning.length}` : `1 to ${longest}`;
    return this.#refuse(key, `must be ${count} numbers from ${least} to ${most}`, beginning);
  }

  /** One of some words. */
  choice<Value extends string>(key: string, beginning: Value, values: readonly Value[]): Value {
    const found = this.#own(key);
    if (found === undefined) return beginning;
    const known = values.find((one) => one === found);
    if (known !== undefined) return known;
    return this.#refuse(key, `must be one of ${values.join(", ")}`, beginning);
  }

  /** Yes or no. */
  flag(key: string, beginning: boolean): boolean {
    const found = this.#own(key);
    if (found === undefined) return beginning;
    if (typeof found === "boolean") return found;
    return this.#refuse(key, "must be true or false", beginning);
  }

  /** A part that only the room understands: what `accept` takes, of type T. */
  part<T>(key: string, beginning: T, must: string, accept: (found: unknown) => T | undefined): T {
    const found = this.#own(key);
    if (found === undefined) return beginning;
    return accept(found) ?? this.#refuse(key, must, beginning);
  }

  #own(key: string): unknown {
    return Object.hasOwn(this.#held, key) ? this.#held[key] : undefined;
  }

  #refuse<T>(key: string, must: string, beginning: T): T {
    this.notes.push(`${key} ${must}`);
    return beginning;
  }
}

/** Whether something is a finite number from `least` to `most`. */
export function isWithin(found: unknown, least: number, most: number): found is number {
  return typeof found === "number" && found >= least && found <= most;
}
