import { attributesKey } from "./attributesKey.ts";
import { type Attributes, Expr, NONE } from "./expr.ts";
import type { Op } from "./op.ts";
import { constant } from "./ops/leaf.ts";

const NO_ARGS: readonly Expr[] = Object.freeze([]);

/** Beyond this many users a map is faster than a list; measured with lists of 4, 8, 16 and 32. */
const LIST_LIMIT = 8;

let folding = 0;

/** Runs `build` with the value-safe rewrites of derivatives applied to every node it makes. */
export function withFolding<T>(build: () => T): T {
  folding++;
  try {
    return build();
  } finally {
    folding--;
  }
}

/** Runs `build` without these rewrites, for the raw form of a rule. */
export function withoutFolding<T>(build: () => T): T {
  const before = folding;
  folding = 0;
  try {
    return build();
  } finally {
    folding = before;
  }
}

/** The node `op(args; attributes)`: the one that exists, or a new one. */
export function apply(op: Op, args: readonly Expr[], attributes: Attributes = NONE): Expr {
  if (folding > 0 && op.fold !== undefined) {
    const folded = op.fold(args, attributes);
    if (folded !== undefined) return folded;
  }
  const key = attributes === NONE ? "" : attributesKey(attributes);
  const newest = ownerOf(args);
  if (newest === undefined) {
    const ids = args.length === 0 ? "" : `(${args.map(({ id }) => id).join()})`;
    return applyLeaf(op, attributes, key, args, ids);
  }
  const { users } = newest;
  if (users === undefined) {
    const made = create(op, args, attributes, key);
    newest.users = made;
    return made;
  }
  if (users instanceof Expr) {
    if (isNode(users, op, args, key)) return users;
    const made = create(op, args, attributes, key);
    newest.users = [users, made];
    return made;
  }
  if (Array.isArray(users)) {
    for (const user of users) if (isNode(user, op, args, key)) return user;
    const made = create(op, args, attributes, key);
    if (users.length < LIST_LIMIT) users.push(made);
    else {
      const map = new Map<number, Expr | Expr[]>();
      for (const user of users) addToMap(map, hashNode(user.op, user.args, user.key), user);
      addToMap(map, hashNode(op, args, key), made);
      newest.users = map;
    }
    return made;
  }
  const hash = hashNode(op, args, key);
  const bucket = users.get(hash);
  if (bucket instanceof Expr) {
    if (isNode(bucket, op, args, key)) return bucket;
  } else if (bucket !== undefined) {
    for (const user of bucket) if (isNode(user, op, args, key)) return user;
  }
  const made = create(op, args, attributes, key);
  addToMap(users, hash, made);
  return made;
}

let uniques = 0;

/** A node that equals no other, such as a model's parameter. */
export function applyUnique(op: Op, attributes: Attributes): Expr {
  return create(op, NO_ARGS, attributes, `unique ${uniques++}`);
}

/**
 * The argument that knows the node: the newest that is no constant. A constant lives long and is used
 * everywhere; it must neither collect users nor keep them alive. `undefined` for a node of constants
 * alone, which is found like a leaf.
 */
function ownerOf(args: readonly Expr[]): Expr | undefined {
  let owner: Expr | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Expr;
    if (arg.op !== constant.op && (owner === undefined || arg.id > owner.id)) owner = arg;
  }
  return owner;
}

let onCreate: ((node: Expr) => void) | undefined;

/** Calls `observe` with every node made while `build` runs. */
export function observing<T>(observe: (node: Expr) => void, build: () => T): T {
  const before = onCreate;
  onCreate = observe;
  try {
    return build();
  } finally {
    onCreate = before;
  }
}

function create(op: Op, args: readonly Expr[], attributes: Attributes, key: string): Expr {
  const made = new Expr(op, args, attributes, key, op.infer(args, attributes));
  onCreate?.(made);
  return made;
}

function isNode(node: Expr, op: Op, args: readonly Expr[], key: string): boolean {
  if (node.op !== op || node.key !== key) return false;
  const own = node.args;
  if (own.length !== args.length) return false;
  for (let i = 0; i < own.length; i++) if (own[i] !== args[i]) return false;
  return true;
}

function addToMap(map: Map<number, Expr | Expr[]>, hash: number, node: Expr): void {
  const bucket = map.get(hash);
  if (bucket === undefined) map.set(hash, node);
  else if (bucket instanceof Expr) map.set(hash, [bucket, node]);
  else bucket.push(node);
}

/** Any mixing serves that spreads neighbouring ids: a product by an odd constant (Knuth, 6.4). */
const GOLDEN = 0x9e3779b1;

function hashNode(op: Op, args: readonly Expr[], key: string): number {
  let hash = op.name.length;
  for (let i = 0; i < op.name.length; i++) hash = Math.imul(hash ^ op.name.charCodeAt(i), GOLDEN);
  for (const arg of args) hash = Math.imul(hash ^ arg.id, GOLDEN) ^ (hash >>> 15);
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), GOLDEN);
  return hash;
}

/** Leaves of one op by key. They have no argument to know them, so the table is weak. */
interface LeafTable {
  readonly nodes: Map<string, WeakRef<Expr>>;
  /** Size at which entries of reclaimed leaves are swept out. */
  sweepAt: number;
}

const leaves = new WeakMap<Op, LeafTable>();

/** The table is swept whenever it has doubled: constant work a leaf, memory within twice the live. */
const FIRST_SWEEP = 1024;

/**
 * The leaf `op(attributes)`, whose identity within the op is `key`; or a node of constants, whose
 * identity is that and its arguments.
 */
export function applyLeaf(
  op: Op,
  attributes: Attributes,
  key: string,
  args: readonly Expr[] = NO_ARGS,
  ids: string = "",
): Expr {
  let table = leaves.get(op);
  if (table === undefined) {
    table = { nodes: new Map(), sweepAt: FIRST_SWEEP };
    leaves.set(op, table);
  }
  const name = ids === "" ? key : key + ids;
  const known = table.nodes.get(name)?.deref();
  if (known !== undefined) return known;
  const made = create(op, args, attributes, key);
  table.nodes.set(name, new WeakRef(made));
  if (table.nodes.size > table.sweepAt) sweep(table);
  return made;
}

function sweep(table: LeafTable): void {
  for (const [key, leaf] of table.nodes) if (leaf.deref() === undefined) table.nodes.delete(key);
  table.sweepAt = Math.max(FIRST_SWEEP, 2 * table.nodes.size);
}
