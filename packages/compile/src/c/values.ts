import { ArgumentError, argument, type Expr } from "@chainrule/core";
import { isElementwise } from "../elementwise/index.ts";
import { lowered } from "../elementwise/lowering.ts";
import { isIntegerProduct } from "../elementwise/rounding.ts";
import { isLiteral } from "../scalar/tape.ts";
import { expressions, literal } from "./expressions.ts";
import { type Helper, helpers } from "./helpers.ts";

/** Writes the values of nodes, and collects the functions that they call. */
export class Values {
  readonly #prefix: string;
  readonly #functions = new Map<string, string>();
  /** Names of functions made from lowered forms, by op and what tells its nodes apart. */
  readonly #lowered = new Map<Expr["op"], Map<string, string>>();

  /** `prefix` begins the names of functions. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The functions called so far, callees first. */
  get functions(): readonly string[] {
    return [...this.#functions.values()];
  }

  /** The value of a node rounded to its element type, a double. Throws ArgumentError if its op has no form in C. */
  of(node: Expr, args: readonly string[]): string {
    const { dtype } = node;
    if (isIntegerProduct(node)) return `${this.#use("imul")}(${args[0]}, ${args[1] ?? args[0]})`;
    const value = this.#unrounded(node, args);
    if (dtype === "f32") return `(double)(float)(${value})`;
    if (dtype === "i32") return `${this.#use("int32")}(${value})`;
    if (dtype === "bool") return `(double)((${value}) != 0)`;
    return value;
  }

  #unrounded(node: Expr, args: readonly string[]): string {
    const expression = expressions.get(node.op);
    if (expression !== undefined) {
      return expression(args, (helper) => this.#use(helper), node.attributes);
    }
    const form = isElementwise(node) ? lowered(node) : undefined;
    if (form === undefined) {
      throw new ArgumentError(`toC: every op must have a form in C, got ${node.op.name}`);
    }
    return `${this.#function(node, form)}(${args.join(", ")})`;
  }

  #use(helper: Helper): string {
    const name = `${this.#prefix}_${helper}`;
    if (!this.#functions.has(name)) {
      this.#functions.set(name, `static double ${name}${helpers[helper]}`);
    }
    return name;
  }

  /** A function of an op that is said by others; nested as deep as ops are defined by each other. */
  #function({ op, key, dtype, args }: Expr, form: readonly Expr[]): string {
    let table = this.#lowered.get(op);
    if (table === undefined) {
      table = new Map();
      this.#lowered.set(op, table);
    }
    const types = `${dtype} ${args.map((arg) => arg.dtype).join()} ${key}`;
    const known = table.get(types);
    if (known !== undefined) return known;
    const texts = new Map<Expr, string>();
    const lines = form.flatMap((node, i) => {
      const { attributes } = node;
      if (node.op === argument.op) texts.set(node, `x${attributes["index"]}`);
      else if (isLiteral(node)) texts.set(node, literal(attributes["value"] as number));
      else {
        const own = node.args.map((arg) => texts.get(arg) as string);
        texts.set(node, `t${i}`);
        return [`  const double t${i} = ${this.of(node, own)};`];
      }
      return [];
    });
    const name = `${this.#prefix}_f${this.#functions.size}`;
    table.set(types, name);
    const parameters = args.map((_, i) => `double x${i}`).join(", ");
    const result = texts.get(form.at(-1) as Expr);
    this.#functions.set(
      name,
      [
        `/* ${op.name} */`,
        `static double ${name}(${parameters}) {`,
        ...lines,
        `  return ${result};`,
        "}",
      ].join("\n"),
    );
    return name;
  }
}
