export { type BuildOptions, build, type Model, modelProgram, namedFlow } from "./build.ts";
export type { Used } from "./building.ts";
export {
  asLayer,
  type Flow,
  type Layer,
  type LayerLike,
  layer,
  named,
  type Settings,
} from "./layer.ts";
export { type Kept, Registry, type Wanted } from "./registry.ts";
export { type ParameterOptions, Scope, type State } from "./scope.ts";
export { residual, sequential, tap } from "./sequential.ts";
