export { type CsvData, type CsvOptions, parseCsv, readCsv } from "./csv.ts";
