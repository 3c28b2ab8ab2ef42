/** Gives every value of a graph, and of the graphs inside it, a name that no other has. */
export class Names {
  readonly #taken: Set<string>;
  readonly #next = new Map<string, number>();

  /** Names that are promised already. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The text itself, or with a number behind where that is taken. ONNX has no value without a name. */
  fresh(text: string): string {
    const base = text === "" ? "unnamed" : text;
    let name = base;
    for (let n = this.#next.get(base) ?? 2; this.#taken.has(name); n++) {
      name = `${base}_${n}`;
      this.#next.set(base, n + 1);
    }
    this.#taken.add(name);
    return name;
  }
}
