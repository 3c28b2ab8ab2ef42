export type { CompiledModule, Explanation, HostNode, SizeNeed } from "./compiledModule.ts";
export type { Executable, InputValues } from "./executable.ts";
export { instantiate } from "./instantiate.ts";
