import type { Tape } from "./tape.ts";

/** What pairing needs to know beside the graph. */
export interface PairFacts {
  /** Instructions that one operation on two lanes saves, by kind; −1 for kinds that stay single. */
  readonly gains: Float64Array;
  /** Address of an input or of a result, by node; negative for none or several. */
  readonly inputs: Int32Array;
  readonly results: Int32Array;
}

/** Operations done two at once. */
export interface Pairs {
  /** The other node of a pair; −1 for single ones. */
  readonly mates: Int32Array;
  /** 1 for nodes in the second lane. */
  readonly lanes: Uint8Array;
}

/** Bytes from one double to the next. */
const STEP = 8;

/** Rounds in which pairs that cost more than they save are parted; what they touch is looked at again in the next. */
const ROUNDS = 4;

/** Rounds end when fewer than one node in so many was parted. */
const FEW = 256;

/**
 * Pairs of operations of one kind, to be done as one on two lanes (superword parallelism: Larsen & Amarasinghe 2000).
 *
 * Nodes on one level, the longest way from the leaves, cannot depend on each other, so pairs within levels can always be ordered.
 * From the top level down, a pair asks for its arguments to be paired in turn; what is then still single is paired with its neighbour.
 */
export function pairsOf(tape: Tape, facts: PairFacts): Pairs {
  const { nodes } = tape;
  const pairs = {
    mates: new Int32Array(nodes.length).fill(-1),
    lanes: new Uint8Array(nodes.length),
  };
  const levels = levelsOf(tape);
  pairByLevel(tape, levels, facts.gains, pairs);
  for (let round = 0; round < ROUNDS; round++) {
    if (partCostly(tape, facts, pairs) * FEW <= nodes.length) break;
  }
  return pairs;
}

function levelsOf({ starts, args, kinds }: Tape): Int32Array {
  const levels = new Int32Array(kinds.length);
  for (let i = 0; i < kinds.length; i++) {
    if ((kinds[i] as number) < 0) continue;
    let level = 0;
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) {
      level = Math.max(level, levels[args[k] as number] as number);
    }
    levels[i] = level + 1;
  }
  return levels;
}

/** Nodes by level, the highest first, within one as on the tape. */
function byLevel({ kinds }: Tape, levels: Int32Array): Int32Array {
  let top = 0;
  for (let i = 0; i < levels.length; i++) top = Math.max(top, levels[i] as number);
  const ends = new Int32Array(top + 2);
  for (let i = 0; i < kinds.length; i++) {
    const place = top - (levels[i] as number) + 1;
    ends[place] = (ends[place] as number) + 1;
  }
  for (let level = 1; level < ends.length; level++) {
    ends[level] = (ends[level] as number) + (ends[level - 1] as number);
  }
  const sorted = new Int32Array(kinds.length);
  for (let i = 0; i < kinds.length; i++) {
    const place = top - (levels[i] as number);
    const at = ends[place] as number;
    sorted[at] = i;
    ends[place] = at + 1;
  }
  return sorted;
}

function pairByLevel(
  tape: Tape,
  levels: Int32Array,
  gains: Float64Array,
  { mates, lanes }: Pairs,
): void {
  const { starts, args, kinds } = tape;
  const isFree = (i: number): boolean => (mates[i] as number) < 0;
  const stack: number[] = [];
  const join = (a: number, b: number): void => {
    mates[a] = b;
    mates[b] = a;
    lanes[b] = 1;
    stack.push(a);
  };
  /** The node of each kind that waits for a neighbour, and the level it is on. */
  const waiting = new Int32Array(gains.length).fill(-1);
  for (const node of byLevel(tape, levels)) {
    const kind = kinds[node] as number;
    if (kind < 0 || (gains[kind] as number) < 0 || !isFree(node)) continue;
    const other = waiting[kind] as number;
    if (other < 0 || levels[other] !== levels[node]) {
      waiting[kind] = node;
      continue;
    }
    waiting[kind] = -1;
    join(other, node);
    for (let a = stack.pop(); a !== undefined; a = stack.pop()) {
      const first = starts[a] as number;
      const second = starts[mates[a] as number] as number;
      const count = (starts[a + 1] as number) - first;
      for (let k = 0; k < count; k++) {
        const x = args[first + k] as number;
        const y = args[second + k] as number;
        const own = kinds[x] as number;
        const suits = x !== y && own >= 0 && own === kinds[y] && levels[x] === levels[y];
        if (suits && (gains[own] as number) >= 0 && isFree(x) && isFree(y)) join(x, y);
      }
    }
  }
}

/** Parts pairs that cost more instructions than they save; gives their number. */
function partCostly(tape: Tape, facts: PairFacts, { mates, lanes }: Pairs): number {
  const { starts, args, kinds } = tape;
  const single = singleUses(tape, { mates, lanes });
  let parted = 0;
  for (let a = 0; a < kinds.length; a++) {
    const b = mates[a] as number;
    if (b < 0 || lanes[a] === 1) continue;
    let gain = facts.gains[kinds[a] as number] as number;
    // Taking the second lane out is an instruction, the first may need a copy.
    gain -= (single[a] as number) * 0.5 + (single[b] as number);
    const [to, next] = [facts.results[a] as number, facts.results[b] as number];
    if (to >= 0 && next === to + STEP) gain += 1;
    const count = (starts[a + 1] as number) - (starts[a] as number);
    for (let k = 0; k < count; k++) {
      const x = args[(starts[a] as number) + k] as number;
      const y = args[(starts[b] as number) + k] as number;
      gain += argumentGain(x, y, tape, facts, { mates, lanes });
    }
    if (gain > 0) continue;
    mates[a] = -1;
    mates[b] = -1;
    lanes[b] = 0;
    parted++;
  }
  return parted;
}

/** Instructions that two values beside each other save. */
function argumentGain(
  x: number,
  y: number,
  { kinds }: Tape,
  { inputs }: PairFacts,
  { mates, lanes }: Pairs,
): number {
  if (x === y) return (kinds[x] as number) < 0 ? 0 : -0.5;
  if (mates[x] === y && lanes[x] === 0) return 0;
  const [from, next] = [inputs[x] as number, inputs[y] as number];
  if (from >= 0 && next >= 0) return next === from + STEP ? 1 : 0;
  if ((kinds[x] as number) < 0 && (kinds[y] as number) < 0) return -0.5;
  return -2;
}

/** 1 for nodes that something reads outside of its pair. */
function singleUses({ starts, args, kinds }: Tape, { mates, lanes }: Pairs): Uint8Array {
  const single = new Uint8Array(kinds.length);
  for (let a = 0; a < kinds.length; a++) {
    const b = mates[a] as number;
    if (lanes[a] === 1) continue;
    const second = b < 0 ? -1 : (starts[b] as number);
    const first = starts[a] as number;
    for (let k = 0; k < (starts[a + 1] as number) - first; k++) {
      const x = args[first + k] as number;
      if (second < 0) {
        single[x] = 1;
        continue;
      }
      const y = args[second + k] as number;
      if (x === y || (mates[x] === y && lanes[x] === 0)) continue;
      single[x] = 1;
      single[y] = 1;
    }
  }
  return single;
}

/** All computed nodes, arguments before users, both of a pair side by side, close to how they lie on the tape. */
export function pairedOrder({ starts, args, kinds }: Tape, { mates, lanes }: Pairs): Int32Array {
  const order = new Int32Array(kinds.length);
  let count = 0;
  /** 0 for nodes not met, 1 for those whose arguments are on the stack, 2 for those in order. */
  const states = new Uint8Array(kinds.length);
  const stack: number[] = [];
  const first = (node: number): number => (lanes[node] === 1 ? (mates[node] as number) : node);
  const pushArguments = (node: number): void => {
    for (let k = (starts[node + 1] as number) - 1; k >= (starts[node] as number); k--) {
      const arg = first(args[k] as number);
      if ((kinds[arg] as number) >= 0 && states[arg] === 0) stack.push(arg);
    }
  };
  for (let i = 0; i < kinds.length; i++) {
    if ((kinds[i] as number) < 0) continue;
    stack.push(first(i));
    while (stack.length > 0) {
      const node = stack[stack.length - 1] as number;
      const mate = mates[node] as number;
      if (states[node] === 0) {
        states[node] = 1;
        if (mate >= 0) pushArguments(mate);
        pushArguments(node);
        continue;
      }
      stack.pop();
      if (states[node] === 2) continue;
      states[node] = 2;
      order[count++] = node;
      if (mate >= 0) order[count++] = mate;
    }
  }
  return order.subarray(0, count);
}
