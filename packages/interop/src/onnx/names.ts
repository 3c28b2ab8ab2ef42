/** Gives every value of a graph, and of the graphs inside it, a name that no other has. */
export class Names {
  readonly #taken: Set<string>;
  readonly #next = new Map<string, number>();

  /** Names that are promised already. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The text itself, or with a number behind where that is taken. */
  fresh(text: string): string {
    let name = text;
    for (let n = this.#next.get(text) ?? 2; this.#taken.has(name); n++) {
      name = `${text}_${n}`;
      this.#next.set(text, n + 1);
    }
    this.#taken.add(name);
    return name;
  }
}
