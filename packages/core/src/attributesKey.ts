import { type Attribute, type Attributes, Lambda } from "./expr.ts";
import { Tensor } from "./tensor.ts";

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
