export { type TorchEngineOptions, torch } from "./engine.ts";
export { type ExportedTraining, exportTraining, type TrainingData } from "./exportTraining.ts";
export { type Cluster, TorchError } from "./launch.ts";
export type { TorchOptions } from "./programModule.ts";
export { type FoundPython, findPython } from "./python.ts";
export { toTorch } from "./toTorch.ts";
