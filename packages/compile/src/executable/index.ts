export { type AsyncExecutable, asyncExecutable } from "./asyncExecutable.ts";
export type {
  CompiledModule,
  Explanation,
  HostNode,
  PlannedStep,
  SizeNeed,
} from "./compiledModule.ts";
export type { EngineParts, EngineProgram, EngineTensors, ProgramEngine } from "./engine.ts";
export type { Executable } from "./executable.ts";
export type { EngineName, Explained, ExplainedStep, PlannedBuffer } from "./explain.ts";
export { instantiate, instantiateAsync } from "./instantiate.ts";
export type { InputValues, Targets } from "./slots.ts";
