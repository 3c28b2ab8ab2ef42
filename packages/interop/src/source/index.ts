export { type SourceFormat, sourceFiles, sourceFormats } from "./sourceFiles.ts";
export { type NumpyOptions, toNumpy } from "./toNumpy.ts";
export { type TypescriptOptions, toTypescript } from "./toTypescript.ts";
