/** A compiled module; opaque. */
export interface EngineModule {
  readonly __module?: never;
}

/** A function that a module exports or imports. */
export type HostFunction = (...values: (number | bigint)[]) => number | bigint | undefined;

/** Linear memory, in pages of 64 KiB. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

/** A global variable that host and module share. */
export interface EngineGlobal {
  value: number | bigint;
}

/** A module with its memory and imports: what can be called. */
export interface EngineInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Host values by module name, then by name. */
export type EngineImports = Record<string, Record<string, unknown>>;

/**
 * The part of the host's `WebAssembly` that is used here, typed without the DOM library: the packages
 * compile for Node and for pages alike.
 */
export interface Engine {
  readonly Module: new (bytes: Uint8Array) => EngineModule;
  readonly Instance: new (module: EngineModule, imports?: EngineImports) => EngineInstance;
  readonly Memory: new (limits: {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }) => EngineMemory;
  compile(bytes: Uint8Array): Promise<EngineModule>;
  instantiate(module: EngineModule, imports?: EngineImports): Promise<EngineInstance>;
  validate(bytes: Uint8Array): boolean;
}

/** The host's engine, or undefined where it has none. */
export function engine(): Engine | undefined {
  return (globalThis as { WebAssembly?: Engine }).WebAssembly;
}
