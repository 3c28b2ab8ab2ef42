export { type CsvData, type CsvOptions, parseCsv, readCsv } from "./csv.ts";
export { parseIdx, readIdx, type SizeOptions } from "./idx.ts";
export { type ImageOptions, type ImageSet, readImages } from "./images.ts";
export { readMnist } from "./mnist.ts";
export { readText, type TextOptions } from "./text.ts";
