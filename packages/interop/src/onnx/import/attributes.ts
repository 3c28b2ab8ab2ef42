import { ArgumentError } from "@chainrule/core";
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  type TensorProto,
} from "../proto/onnx_pb.ts";

/** What an attribute holds. */
type Content = number | string | readonly number[] | readonly string[] | TensorProto | GraphProto;

/** The attributes of a node, read by name and kind. */
export class Attributes {
  readonly #contents = new Map<string, Content>();

  /** `given` are the attributes of a function's call, to which those in its body may refer. */
  constructor(attributes: readonly AttributeProto[], given?: Attributes) {
    for (const attribute of attributes) {
      const content =
        attribute.refAttrName === "" ? contentOf(attribute) : given?.content(attribute.refAttrName);
      if (content !== undefined) this.#contents.set(attribute.name, content);
    }
  }

  /** Whatever an attribute holds, if it is there. */
  content(name: string): Content | undefined {
    return this.#contents.get(name);
  }

  has(name: string): boolean {
    return this.#contents.has(name);
  }

  /** A whole number or a float. Throws ArgumentError for another kind, or for none without a default. */
  number(name: string, usual?: number): number {
    return this.#get(name, "a number", usual, (it): it is number => typeof it === "number");
  }

  text(name: string, usual?: string): string {
    return this.#get(name, "a text", usual, (it): it is string => typeof it === "string");
  }

  numbers(name: string, usual?: readonly number[]): readonly number[] {
    return this.#get(name, "a list of numbers", usual, isNumbers);
  }

  texts(name: string, usual?: readonly string[]): readonly string[] {
    return this.#get(name, "a list of texts", usual, isTexts);
  }

  graph(name: string): GraphProto {
    return this.#get(name, "a graph", undefined, (it): it is GraphProto =>
      isProto(it, "onnx.GraphProto"),
    );
  }

  tensor(name: string): TensorProto {
    return this.#get(name, "a tensor", undefined, (it): it is TensorProto =>
      isProto(it, "onnx.TensorProto"),
    );
  }

  #get<T extends Content>(
    name: string,
    kind: string,
    usual: T | undefined,
    fits: (content: Content) => content is T,
  ): T {
    const content = this.#contents.get(name) ?? usual;
    if (content !== undefined && fits(content)) return content;
    throw new ArgumentError(
      `attribute ${name} must be ${kind}, got ${content === undefined ? "none" : "another kind"}`,
    );
  }
}

const isNumbers = (it: Content): it is readonly number[] =>
  Array.isArray(it) && it.every((item) => typeof item === "number");

const isTexts = (it: Content): it is readonly string[] =>
  Array.isArray(it) && it.every((item) => typeof item === "string");

const isProto = (it: Content, name: string): boolean =>
  typeof it === "object" && "$typeName" in it && it.$typeName === name;

const decoder = new TextDecoder();

function contentOf(attribute: AttributeProto): Content | undefined {
  switch (attribute.type) {
    case AttributeType.INT:
      return Number(attribute.i);
    case AttributeType.FLOAT:
      return attribute.f;
    case AttributeType.STRING:
      return decoder.decode(attribute.s);
    case AttributeType.INTS:
      return attribute.ints.map(Number);
    case AttributeType.FLOATS:
      return attribute.floats;
    case AttributeType.STRINGS:
      return attribute.strings.map((bytes) => decoder.decode(bytes));
    case AttributeType.TENSOR:
      return attribute.t;
    case AttributeType.GRAPH:
      return attribute.g;
    default:
      return undefined;
  }
}
