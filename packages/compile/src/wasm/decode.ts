import type { ExternalKind } from "./module.ts";
import { externalKinds } from "./module.ts";
import { Reader } from "./reader.ts";
import type { FunctionType, Limits, ValueType } from "./types.ts";

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** What an import declares, by kind. */
export type Declared = number | Limits | GlobalType;

export interface DecodedImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  readonly declared: Declared;
}

/** A function's locals and the place of its code, without the last `end`'s successor. */
export interface DecodedBody {
  readonly locals: readonly ValueType[];
  readonly start: number;
  readonly end: number;
}

/** A module read from its bytes; code stays bytes, for `readOperator`. */
export interface DecodedModule {
  readonly bytes: Uint8Array;
  types: FunctionType[];
  imports: DecodedImport[];
  /** Type indices of the functions that have bodies. */
  functions: number[];
  tables: Limits[];
  memories: Limits[];
  globals: { readonly type: GlobalType; readonly start: number; readonly end: number }[];
  exports: { readonly name: string; readonly kind: ExternalKind; readonly index: number }[];
  start: number | undefined;
  elements: { readonly offset: number; readonly functions: readonly number[] }[];
  bodies: DecodedBody[];
  data: { readonly address: number; readonly content: Uint8Array }[];
  names: Map<number, string>;
}

/** Reads the binary format as far as `ModuleBuilder` writes it. Throws RangeError where it is something else. */
export function decodeModule(bytes: Uint8Array): DecodedModule {
  const reader = new Reader(bytes);
  const magic = reader.bytes(8).join();
  if (magic !== "0,97,115,109,1,0,0,0") {
    throw new RangeError(`wasm: a module must begin with \\0asm and version 1, got ${magic}`);
  }
  const module: DecodedModule = {
    bytes,
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: undefined,
    elements: [],
    bodies: [],
    data: [],
    names: new Map(),
  };
  while (!reader.done) {
    const id = reader.u8();
    const size = reader.u32();
    const end = reader.offset + size;
    const start = reader.offset;
    reader.bytes(size);
    readSection(module, id, new Reader(bytes, start, end));
  }
  return module;
}

function readSection(module: DecodedModule, id: number, reader: Reader): void {
  const read = sections[id];
  if (read === undefined) throw new RangeError(`wasm: section must be one of 0 to 11, got ${id}`);
  read(module, reader);
}

type ReadSection = (module: DecodedModule, reader: Reader) => void;

/** Readers of sections by their number. */
const sections: readonly ReadSection[] = [
  readNames,
  (module, reader) => {
    module.types = reader.list(() => readFunctionType(reader));
  },
  (module, reader) => {
    module.imports = reader.list(() => readImport(reader));
  },
  (module, reader) => {
    module.functions = reader.list(() => reader.u32());
  },
  (module, reader) => {
    module.tables = reader.list(() => readTable(reader));
  },
  (module, reader) => {
    module.memories = reader.list(() => readLimits(reader));
  },
  (module, reader) => {
    module.globals = reader.list(() => {
      const type = readGlobalType(reader);
      const start = reader.offset;
      skipConstant(reader);
      return { type, start, end: reader.offset };
    });
  },
  (module, reader) => {
    module.exports = reader.list(() => ({
      name: reader.name(),
      kind: readKind(reader),
      index: reader.u32(),
    }));
  },
  (module, reader) => {
    module.start = reader.u32();
  },
  (module, reader) => {
    module.elements = reader.list(() => {
      reader.u32();
      return { offset: readAddress(reader), functions: reader.list(() => reader.u32()) };
    });
  },
  (module, reader) => {
    module.bodies = reader.list(() => readBody(reader));
  },
  (module, reader) => {
    module.data = reader.list(() => {
      reader.u32();
      return { address: readAddress(reader), content: reader.bytes(reader.u32()) };
    });
  },
];

function readFunctionType(reader: Reader): FunctionType {
  reader.u8();
  const params = reader.list(() => reader.valueType());
  return { params, results: reader.list(() => reader.valueType()) };
}

function readKind(reader: Reader): ExternalKind {
  const code = reader.u8();
  const kind = externalKinds[code];
  if (kind === undefined) throw new RangeError(`wasm: kind must be 0 to 3, got ${code}`);
  return kind;
}

function readImport(reader: Reader): DecodedImport {
  const module = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  if (kind === "function") return { module, name, kind, declared: reader.u32() };
  if (kind === "memory") return { module, name, kind, declared: readLimits(reader) };
  if (kind === "table") return { module, name, kind, declared: readTable(reader) };
  return { module, name, kind, declared: readGlobalType(reader) };
}

function readTable(reader: Reader): Limits {
  reader.u8();
  return readLimits(reader);
}

function readLimits(reader: Reader): Limits {
  const flags = reader.u8();
  const minimum = reader.u32();
  const shared = (flags & 2) !== 0;
  return flags & 1 ? { minimum, maximum: reader.u32(), shared } : { minimum, shared };
}

function readGlobalType(reader: Reader): GlobalType {
  return { type: reader.valueType(), mutable: reader.u8() === 1 };
}

/** `i32.const address end`. */
function readAddress(reader: Reader): number {
  reader.u8();
  const address = reader.i32();
  reader.u8();
  return address >>> 0;
}

/** A constant of any number type and its `end`. */
function skipConstant(reader: Reader): void {
  const code = reader.u8();
  if (code === 0x43) reader.bytes(4);
  else if (code === 0x44) reader.bytes(8);
  else if (code === 0xfd) reader.bytes(17);
  else reader.i64();
  reader.u8();
}

function readBody(reader: Reader): DecodedBody {
  const size = reader.u32();
  const end = reader.offset + size;
  const locals: ValueType[] = [];
  for (const { count, type } of reader.list(() => ({
    count: reader.u32(),
    type: reader.valueType(),
  }))) {
    for (let i = 0; i < count; i++) locals.push(type);
  }
  const start = reader.offset;
  reader.offset = end;
  return { locals, start, end };
}

/** Custom sections other than "name", and other subsections, are passed over. */
function readNames(module: DecodedModule, reader: Reader): void {
  if (reader.name() !== "name") return;
  while (!reader.done) {
    const subsection = reader.u8();
    const size = reader.u32();
    if (subsection !== 1) {
      reader.bytes(size);
      continue;
    }
    reader.list(() => module.names.set(reader.u32(), reader.name()));
  }
}

/** Types of all functions in the order of their indices, imports first. Throws where a type is not declared. */
export function functionTypes(module: DecodedModule): FunctionType[] {
  const imported = module.imports.flatMap(({ kind, declared }) =>
    kind === "function" ? [declared as number] : [],
  );
  return [...imported, ...module.functions].map((index) => {
    const type = module.types[index];
    if (type === undefined) throw new RangeError(`wasm: type ${index} must be declared`);
    return type;
  });
}

/** Types of all globals in the order of their indices, imports first. */
export function globalTypes(module: DecodedModule): GlobalType[] {
  const imported = module.imports.flatMap(({ kind, declared }) =>
    kind === "global" ? [declared as GlobalType] : [],
  );
  return [...imported, ...module.globals.map(({ type }) => type)];
}
