import {
  ArgumentError,
  type DType,
  type Expr,
  formatShape,
  type Lambda,
  literalValue,
  type Tensor,
  topological,
} from "@chainrule/core";
import { commentText, numberText, torchType, tupleText } from "./literals.ts";
import { type Namer, snakeCase } from "./names.ts";
import { nodesUpTo } from "./nodesUpTo.ts";
import { reverseRule } from "./reverseRule.ts";
import { leafOps, rules } from "./rules.ts";
import type { HelperName, Translation } from "./translate.ts";

/** What all functions of one module share. */
export interface ModuleParts {
  readonly helpers: Set<HelperName>;
  /** Tables of constants, by their tensors: written once at the top of the module. */
  readonly constants: Map<Tensor, string>;
  readonly namer: Namer;
}

/** What the lines of a function are written from. */
export interface BodyOptions {
  readonly module: ModuleParts;
  readonly namer: Namer;
  /** Names of inputs: of leaves, or of nodes at which the walk ends. */
  readonly given: ReadonlyMap<Expr, string>;
  /** The variable that holds each named size. */
  readonly sizes: ReadonlyMap<string, string>;
  /** Names that readers know a node by. */
  readonly names?: ReadonlyMap<Expr, string>;
  /** The layers a node was built under: a line tells where another begins. */
  readonly scopes?: ReadonlyMap<Expr, readonly string[]>;
  /** Whether lines tell the shapes of what they make; true unless given. */
  readonly shapes?: boolean;
  /** What tells the device, such as `x.device`. */
  readonly device: string;
}

/** Lines of a function, and what each output is called. */
export interface Body {
  readonly lines: readonly string[];
  readonly outputs: readonly string[];
}

const INDENT = "    ";

/** Constants beyond this size belong into a file of weights. */
const LARGEST_CONSTANT = 100_000;

/**
 * One line of Python a node, arguments first, each with the shape of what it makes.
 *
 * Throws ArgumentError for a function without a body and for an op that no rule is known of.
 */
export function writeBody(outputs: readonly Expr[], options: BodyOptions): Body {
  const nodes = nodesUpTo(outputs, options.given);
  const writer = new BodyWriter(nodes, options);
  for (const node of nodes) writer.add(node);
  return { lines: writer.lines, outputs: outputs.map((output) => writer.tensor(output)) };
}

class BodyWriter {
  readonly lines: string[] = [];
  readonly #options: BodyOptions;
  readonly #names = new Map<Expr, string>();
  readonly #read = new Map<Expr, Set<number>>();
  #scope = "";

  constructor(nodes: readonly Expr[], options: BodyOptions) {
    this.#options = options;
    for (const [node, name] of options.given) this.#names.set(node, name);
    for (const node of nodes) {
      if (node.op.name !== "item") continue;
      const of = node.args[0] as Expr;
      const indices = this.#read.get(of) ?? new Set();
      this.#read.set(of, indices.add(node.attributes["index"] as number));
    }
  }

  add(node: Expr): void {
    if (this.#names.has(node) || leafOps.has(node.op.name)) return;
    if (this.#rename(node)) return;
    const rule = rules[node.op.name];
    if (rule === undefined) {
      throw new ArgumentError(`toTorch: every op must be known to PyTorch, got ${node.op.name}`);
    }
    this.#announce(node);
    const text = rule(this.#translation(node));
    const { names, namer, shapes = true } = this.#options;
    const name = namer.fresh(names?.get(node) ?? snakeCase(node.op.name));
    this.#names.set(node, name);
    const told = shapes && node.op.items === undefined;
    const shape = told ? `  # ${commentText(formatShape(node.shape))}` : "";
    this.lines.push(`${name} = ${text}${shape}`);
  }

  /** A reshape or cast that changes nothing is no line. */
  #rename(node: Expr): boolean {
    const [x, ...others] = node.args;
    const name = x && this.#names.get(x);
    const kind = node.op.name === "reshape" || node.op.name === "cast";
    if (x === undefined || name === undefined || !kind || others.length > 0) return false;
    if (x.dtype !== node.dtype || x.shape.join() !== node.shape.join()) return false;
    this.#names.set(node, name);
    return true;
  }

  /** An output as a tensor. */
  tensor(node: Expr): string {
    return this.#operand(node, node.dtype, true);
  }

  #announce(node: Expr): void {
    const scope = this.#options.scopes?.get(node)?.join(".") ?? this.#scope;
    if (scope !== this.#scope && scope !== "") {
      if (this.lines.length > 0) this.lines.push("");
      this.lines.push(`# ${commentText(scope)}`);
    }
    this.#scope = scope;
  }

  #translation(node: Expr): Translation {
    const { args, attributes } = node;
    const { module, device } = this.#options;
    const numbersOnly = args.every((arg) => pythonNumber(arg, this.#options.sizes) !== undefined);
    return {
      node,
      attributes,
      arg: (i, { as, tensor = false } = {}) => {
        const arg = args[i] as Expr;
        return this.#operand(arg, as ?? arg.dtype, tensor || (numbersOnly && i === 0));
      },
      size: (dim) => this.#size(dim),
      sizes: (shape) => tupleText(shape.map((dim) => this.#size(dim))),
      device: () => device,
      helper: (name, ...given) => {
        module.helpers.add(name);
        return `${name}(${given.join(", ")})`;
      },
      define: (name, body) => this.#define(name, body),
      defineCustom: (custom) => this.#defineCustom(custom),
      numbers: () => {
        const found = args.map((arg) => pythonNumber(arg, this.#options.sizes, node.dtype));
        return found.every((one) => one !== undefined) ? found : undefined;
      },
      reads: (i) => this.#read.get(node)?.has(i) === true,
    };
  }

  #size(dim: number | string): string {
    if (typeof dim === "number") return String(dim);
    const known = this.#options.sizes.get(dim);
    if (known !== undefined) return known;
    throw new ArgumentError(`toTorch: every named size must be an input's, got "${dim}"`);
  }

  #operand(node: Expr, dtype: DType, tensor: boolean): string {
    const name = this.#names.get(node);
    if (name !== undefined) return node.dtype === dtype ? name : converted(name, dtype);
    const number = pythonNumber(node, this.#options.sizes, dtype);
    if (number !== undefined) {
      if (!tensor) return number.startsWith("-") ? `(${number})` : number;
      return `torch.tensor(${number}, dtype=${torchType(dtype)}, device=${this.#options.device})`;
    }
    if (node.op.name === "constant") {
      const table = `${this.#table(node)}.to(${this.#options.device})`;
      return node.dtype === dtype ? table : converted(table, dtype);
    }
    throw new ArgumentError(
      `toTorch: every input must be named, got ${node.op.name} ${node.toString()}`,
    );
  }

  #table(node: Expr): string {
    const value = node.attributes["value"] as Tensor;
    const { constants, namer } = this.#options.module;
    if (value.data.length > LARGEST_CONSTANT) {
      throw new ArgumentError(
        `toTorch: a constant must have at most ${LARGEST_CONSTANT} elements, got ${value.data.length}; make it a parameter`,
      );
    }
    const name = constants.get(value) ?? namer.fresh("TABLE");
    constants.set(value, name);
    return name;
  }

  /** Writes a function before the line that calls it; it sees sizes and the device of this one. */
  #define(wanted: string, body: Lambda): string {
    const { namer } = this.#options;
    const name = namer.fresh(snakeCase(wanted));
    const inner = namer.inner();
    const inputs = body.inputs.map((_, i) => inner.fresh(letters[i] ?? `x${i}`));
    const given = new Map<Expr, string>();
    for (const node of topological(body.outputs).nodes) {
      if (node.op.name !== "argument") continue;
      given.set(node, inputs[node.attributes["index"] as number] as string);
    }
    const { module, sizes, device, shapes } = this.#options;
    const options = { module, namer: inner, sizes, device, given };
    const { lines, outputs } = writeBody(
      body.outputs,
      shapes === undefined ? options : { ...options, shapes },
    );
    this.lines.push(
      `def ${name}(${inputs.join(", ")}):`,
      ...lines.map(indented),
      `${INDENT}return ${tupleText(outputs)}`,
      "",
    );
    return name;
  }

  /** A function with its own reverse rule, as a class that autograd asks. */
  #defineCustom(node: Expr): string {
    const { namer } = this.#options;
    const body = node.attributes["body"] as Lambda;
    const forward = this.#define(`${String(node.attributes["name"])} forward`, body);
    const rule = reverseRule(node);
    const backward = this.#define(`${String(node.attributes["name"])} backward`, rule);
    const name = namer.fresh(String(node.attributes["name"]));
    const count = node.args.length;
    this.lines.push(
      `class ${name}(torch.autograd.Function):`,
      ...[
        "@staticmethod",
        "def forward(context, *given):",
        `${INDENT}result = ${forward}(*given)[0]`,
        `${INDENT}context.save_for_backward(*given, result)`,
        `${INDENT}return result`,
        "",
        "@staticmethod",
        "def backward(context, adjoint):",
        `${INDENT}sent = ${backward}(*context.saved_tensors, adjoint)`,
        `${INDENT}wanted = context.needs_input_grad[:${count}]`,
        `${INDENT}return tuple(one if asked else None for one, asked in zip(sent, wanted))`,
      ].map(indented),
      "",
    );
    return `${name}.apply`;
  }
}

const letters = ["a", "b", "c", "d", "e", "f", "g", "h"];

function indented(line: string): string {
  return line === "" ? "" : INDENT + line;
}

function converted(name: string, dtype: DType): string {
  return dtype === "bool" ? `(${name} != 0)` : `${name}.to(${torchType(dtype)})`;
}

/** A scalar that Python itself can hold: PyTorch lets it take the type of its neighbour. */
function pythonNumber(
  node: Expr,
  sizes: ReadonlyMap<string, string>,
  dtype: DType = node.dtype,
): string | undefined {
  const value = literalValue(node);
  if (value !== undefined) return numberText(value, dtype);
  if (node.op.name === "namedConstant") {
    return `math.${node.attributes["name"] as string}`;
  }
  if (node.op.name === "dimension") return sizes.get(node.attributes["name"] as string);
  return undefined;
}
