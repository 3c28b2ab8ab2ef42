import { ChainruleError } from "../errors.ts";
import { ParseError } from "./parseError.ts";

/** Runs `make`; an error of the graph, such as shapes that do not fit, gets its place in the text. */
export function withPlace<T>(text: string, offset: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ParseError || !(error instanceof ChainruleError)) throw error;
    throw new ParseError(text, offset, error.message, { cause: error });
  }
}
