export { type OpenSafetensors, openSafetensorsFile, readSafetensorsFile } from "./read.ts";
export { writeSafetensorsFile } from "./write.ts";
