import { type DType, dtypes, isFloat } from "./dtype.ts";
import { ArgumentError, DTypeError, describe } from "./errors.ts";
import type { Op } from "./op.ts";
import * as fluent from "./ops/fluent.ts";
import { constant } from "./ops/leaf.ts";
import { checkShape, type Dim, formatShape, SCALAR, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Shape and element type of a value. */
export interface Type {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A fixed parameter of a node: part of its identity. */
export type Attribute =
  | number
  | string
  | boolean
  | undefined
  | null
  | Tensor
  | Lambda
  | ((...args: never[]) => unknown)
  | readonly Attribute[]
  | { readonly [name: string]: Attribute };

/** The fixed parameters of a node. */
export type Attributes = { readonly [name: string]: Attribute };

/** No attributes. */
export const NONE: Attributes = Object.freeze({});

/** A scalar expression: its value is a number. */
export interface Scalar extends Expr {
  readonly shape: readonly [];
}

/** What operations take: expressions, and numbers, which adopt the type of their partner. */
export type Operand = Expr | number;

let created = 0;

const NO_ARGS: readonly Expr[] = Object.freeze([]);

/**
 * A node of the graph: an operation applied to arguments.
 *
 * Immutable and hash-consed: building the same node twice gives the same object, so `===` is
 * structural equality. Every node is known to its newest argument that is no constant, which keeps
 * it alive; a graph whose leaves nobody holds is reclaimed.
 */
export class Expr {
  readonly op: Op;
  readonly args: readonly Expr[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Order of creation: arguments are older than their users. @internal */
  readonly id: number;
  /** The attributes as text, for comparison. @internal */
  readonly key: string;
  /** The nodes this one knows: see `ownerOf`. @internal */
  users: Users;
  /** Position in the traversal that wrote it last; see `Order`. @internal */
  position: number;

  /** @internal Nodes are made by `apply`, so that equal ones are one. */
  constructor(op: Op, args: readonly Expr[], attributes: Attributes, key: string, type: Type) {
    this.op = op;
    this.args = args;
    this.attributes = attributes;
    this.shape = type.shape;
    this.dtype = type.dtype;
    this.id = created++;
    this.key = key;
    this.users = undefined;
    this.position = 0;
  }

  /** `this + other` */
  add(this: Scalar, other: Scalar | number): Scalar;
  add(other: Operand): Expr;
  add(other: Operand): Expr {
    return fluent.add(this, other);
  }

  /** `this − other` */
  sub(this: Scalar, other: Scalar | number): Scalar;
  sub(other: Operand): Expr;
  sub(other: Operand): Expr {
    return fluent.sub(this, other);
  }

  /** `this · other` */
  mul(this: Scalar, other: Scalar | number): Scalar;
  mul(other: Operand): Expr;
  mul(other: Operand): Expr {
    return fluent.mul(this, other);
  }

  /** `this / other` */
  div(this: Scalar, other: Scalar | number): Scalar;
  div(other: Operand): Expr;
  div(other: Operand): Expr {
    return fluent.div(this, other);
  }

  /** `this ^ other` */
  pow(this: Scalar, other: Scalar | number): Scalar;
  pow(other: Operand): Expr;
  pow(other: Operand): Expr {
    return fluent.pow(this, other);
  }

  /** `−this` */
  neg(this: Scalar): Scalar;
  neg(): Expr;
  neg(): Expr {
    return fluent.neg(this);
  }

  /** `this²` */
  square(this: Scalar): Scalar;
  square(): Expr;
  square(): Expr {
    return fluent.square(this);
  }

  /** `√this` */
  sqrt(this: Scalar): Scalar;
  sqrt(): Expr;
  sqrt(): Expr {
    return fluent.sqrt(this);
  }

  /** `e ^ this` */
  exp(this: Scalar): Scalar;
  exp(): Expr;
  exp(): Expr {
    return fluent.exp(this);
  }

  /** `ln this` */
  log(this: Scalar): Scalar;
  log(): Expr;
  log(): Expr {
    return fluent.log(this);
  }

  /** `sin this` */
  sin(this: Scalar): Scalar;
  sin(): Expr;
  sin(): Expr {
    return fluent.sin(this);
  }

  /** `cos this` */
  cos(this: Scalar): Scalar;
  cos(): Expr;
  cos(): Expr {
    return fluent.cos(this);
  }

  /** `tanh this` */
  tanh(this: Scalar): Scalar;
  tanh(): Expr;
  tanh(): Expr {
    return fluent.tanh(this);
  }

  /** `σ(this)` */
  sigmoid(this: Scalar): Scalar;
  sigmoid(): Expr;
  sigmoid(): Expr {
    return fluent.sigmoid(this);
  }

  /** Sum over some axes, or all. */
  sum(axes?: number | readonly number[], options?: { keepDims?: boolean }): Expr {
    return fluent.sum(this, axes, options);
  }

  /** Matrix product. */
  matmul(other: Operand): Expr {
    return fluent.matmul(this, other);
  }

  /** The same elements in another shape. */
  reshape(shape: readonly Dim[]): Expr {
    return fluent.reshape(this, shape);
  }

  /** Axes in another order, reversed by default. */
  transpose(permutation?: readonly number[]): Expr {
    return fluent.transpose(this, permutation);
  }

  /** A short description for debuggers, of bounded length; `toText` of render prints in full. */
  toString(): string {
    return `${this.op.name}${formatShape(this.shape)}`;
  }
}

type Users = undefined | Expr | Expr[] | Map<number, Expr | Expr[]>;

/** Beyond this many users a map is faster than a list; measured with lists of 4, 8, 16 and 32. */
const LIST_LIMIT = 8;

/** A closed sub-graph: its inputs are positions, so equal bodies are one. */
export class Lambda {
  readonly inputs: readonly Type[];
  readonly outputs: readonly Expr[];

  constructor(inputs: readonly Type[], outputs: readonly Expr[]) {
    this.inputs = inputs;
    this.outputs = outputs;
  }
}

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

/** A node that equals no other, such as a model's parameter. */
export function applyUnique(op: Op, attributes: Attributes): Expr {
  return create(op, NO_ARGS, attributes, `unique ${created}`);
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
  const known = table.nodes.get(key + ids)?.deref();
  if (known !== undefined) return known;
  const made = create(op, args, attributes, key);
  table.nodes.set(key + ids, new WeakRef(made));
  if (table.nodes.size > table.sweepAt) sweep(table);
  return made;
}

function sweep(table: LeafTable): void {
  for (const [key, leaf] of table.nodes) if (leaf.deref() === undefined) table.nodes.delete(key);
  table.sweepAt = Math.max(FIRST_SWEEP, 2 * table.nodes.size);
}

const functionIds = new WeakMap<object, number>();
let functions = 0;

function identity(value: object): number {
  let id = functionIds.get(value);
  if (id === undefined) {
    id = functions++;
    functionIds.set(value, id);
  }
  return id;
}

/** Tensors up to this length are compared by content, longer ones by identity. */
const CONTENT_LIMIT = 1024;

/** Text that two attribute values share just when they are equal; −0 ≠ 0 and NaN = NaN. */
export function attributesKey(value: Attribute): string {
  switch (typeof value) {
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "string":
      return JSON.stringify(value);
    case "object":
      break;
    case "function":
      return `ƒ${identity(value)}`;
    default:
      return `${value}`;
  }
  if (value === null) return "null";
  if (value instanceof Tensor) {
    const { dtype, shape, data } = value;
    if (data.length > CONTENT_LIMIT) return `T${identity(data)}:${dtype}[${shape.join()}]`;
    return `${dtype}[${shape.join()}]${Array.from(data, (item) => attributesKey(item)).join()}`;
  }
  if (value instanceof Lambda) {
    const inputs = value.inputs.map(({ shape, dtype }) => `${dtype}[${shape.join()}]`);
    return `λ(${inputs.join()})${value.outputs.map((out) => out.id).join()}`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => attributesKey(item)).join()}]`;
  const entries = Object.entries(value as Attributes).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, item]) => `${name}:${attributesKey(item)}`).join()}}`;
}

/**
 * Arguments as expressions. A number adopts the element type of the other arguments, so that
 * `2 x` of a single-precision `x` stays single; a fraction beside integers becomes f64.
 */
export function operands(where: string, args: readonly Operand[]): readonly Expr[] {
  let numbers = false;
  for (const arg of args) if (!(arg instanceof Expr)) numbers = true;
  if (!numbers) return args as readonly Expr[];
  let dtype: DType | undefined;
  for (const arg of args) {
    if (!(arg instanceof Expr)) continue;
    if (dtype === undefined || dtypes.indexOf(arg.dtype) > dtypes.indexOf(dtype)) {
      dtype = arg.dtype;
    }
  }
  return args.map((arg) => (arg instanceof Expr ? arg : literal(where, arg, dtype)));
}

/** One argument as an expression. */
export function operand(where: string, value: Operand): Expr {
  return value instanceof Expr ? value : literal(where, value, undefined);
}

function literal(where: string, value: unknown, partner: DType | undefined): Expr {
  if (typeof value !== "number") {
    throw new ArgumentError(
      `${where}: operands must be expressions or numbers, got ${describe(value)}`,
    );
  }
  if (partner === undefined || isFloat(partner)) return constant(value, partner ?? "f64");
  const whole = Number.isInteger(value) && Math.abs(value) < 2 ** 31;
  return constant(value, whole ? "i32" : "f64");
}

/** Whether an expression is known to be a scalar. */
export function isScalar(expr: Expr): expr is Scalar {
  return expr.shape.length === 0;
}

/** Throws DTypeError unless the element type is one of those that exist. */
export function checkDType(where: string, dtype: unknown): void {
  if (!dtypes.includes(dtype as DType)) {
    throw new DTypeError(`${where}: dtype must be f64, f32, i32 or bool, got ${describe(dtype)}`);
  }
}

/** Checks a type given by a user, and shares the shape of scalars. */
export function checkType(where: string, shape: Shape, dtype: DType): Type {
  checkShape(where, shape);
  checkDType(where, dtype);
  return { shape: shape.length === 0 ? SCALAR : Object.freeze([...shape]), dtype };
}
