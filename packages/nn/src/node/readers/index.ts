export { type CsvData, type CsvOptions, parseCsv, readCsv } from "./csv.ts";
export { parseIdx, readIdx, type SizeOptions } from "./idx.ts";
export { type ImageData, type ImageOptions, readImages } from "./images.ts";
export { readMnist } from "./mnist.ts";
export { readText, type TextOptions } from "./text.ts";
