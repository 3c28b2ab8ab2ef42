/** No such n-gram. */
const NONE = -1;

/**
 * All n-grams of a text as a tree: node 0 is the empty one, a child adds a token at the end.
 *
 * Counts are those of Kneser–Ney: of the longest n-grams how often they come, of shorter ones how many
 * different tokens come before them, the beginning of the text among them.
 */
export class NgramCounts {
  /** By length of the n-gram, from 1 on. */
  readonly discounts: readonly number[];
  readonly #order: number;
  readonly #vocabulary: number;
  /** Key: node · vocabulary + token. */
  readonly #children = new Map<number, number>();
  readonly #count: number[] = [0];
  readonly #total: number[] = [0];
  readonly #followers: number[] = [0];
  readonly #parent: number[] = [NONE];
  readonly #length: number[] = [0];

  constructor(tokens: Int32Array, order: number, vocabulary: number) {
    this.#order = order;
    this.#vocabulary = vocabulary;
    /** Nodes of the last 0, 1 … order − 1 tokens. */
    let histories = this.start();
    for (const token of tokens) {
      const nodes: number[] = [0];
      for (const history of histories) {
        const known = this.child(history, token);
        const node = known === NONE ? this.#add(history, token) : known;
        const shorter = nodes.at(-1) as number;
        if (known === NONE && shorter !== 0) this.#increase(shorter);
        nodes.push(node);
      }
      const longest = nodes.at(-1) as number;
      // Nothing comes before the first n-gram of each length; that counts as a token too.
      this.#increase(longest);
      histories = nodes.slice(0, order);
    }
    this.discounts = this.#sum();
  }

  /** Nodes of the histories at the beginning of a text. */
  start(): number[] {
    return [0];
  }

  /** Nodes of the histories one token later; NONE where the text never held one. */
  advance(histories: readonly number[], token: number): number[] {
    const out = [0];
    for (const history of histories.slice(0, this.#order - 1)) out.push(this.child(history, token));
    return out;
  }

  child(node: number, token: number): number {
    return node === NONE ? NONE : (this.#children.get(node * this.#vocabulary + token) ?? NONE);
  }

  count(node: number): number {
    return this.#count[node] ?? 0;
  }

  /** Sum of the counts of all children. */
  total(node: number): number {
    return this.#total[node] ?? 0;
  }

  /** Number of children. */
  followers(node: number): number {
    return this.#followers[node] ?? 0;
  }

  #add(parent: number, token: number): number {
    const node = this.#count.length;
    this.#children.set(parent * this.#vocabulary + token, node);
    this.#count.push(0);
    this.#total.push(0);
    this.#followers.push(0);
    this.#parent.push(parent);
    this.#length.push((this.#length[parent] as number) + 1);
    return node;
  }

  #increase(node: number): void {
    this.#count[node] = this.count(node) + 1;
  }

  /** Totals of all nodes; returns the discounts. */
  #sum(): number[] {
    const once = new Array<number>(this.#order + 1).fill(0);
    const twice = new Array<number>(this.#order + 1).fill(0);
    for (let node = 1; node < this.#count.length; node++) {
      const parent = this.#parent[node] as number;
      const count = this.count(node);
      this.#total[parent] = this.total(parent) + count;
      this.#followers[parent] = this.followers(parent) + 1;
      const length = this.#length[node] as number;
      const tally = count === 1 ? once : count === 2 ? twice : undefined;
      if (tally !== undefined) tally[length] = (tally[length] as number) + 1;
    }
    return once.map((n1, length) => {
      const n2 = twice[length] as number;
      // The estimate needs both; without, any discount within (0, 1) gives a distribution.
      return n1 === 0 || n2 === 0 ? 0.5 : n1 / (n1 + 2 * n2);
    });
  }
}
