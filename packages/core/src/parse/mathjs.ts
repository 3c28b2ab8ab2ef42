import * as mathjs from "mathjs/number";
import {
  Conditional,
  Name,
  Numeral,
  Operator,
  Range,
  Relation,
  type SyntaxNode,
} from "./syntax.ts";

type Read = (text: string) => SyntaxNode;

/** mathjs's factory of its parser, which its type declarations leave out. */
interface ParserFactory {
  createParse(dependencies: Readonly<Record<string, unknown>>): Read;
}

/** A construct that the texts given to mathjs do not contain. */
class Unused {
  constructor() {
    throw new SyntaxError("only operators, names and numbers are expected");
  }
}

/** mathjs's multiple dispatch, for the one signature we call. */
const typed: unknown = Object.assign(
  (_name: string, signatures: { readonly string: Read }): Read => signatures.string,
  { addConversion: (): void => undefined },
);

/**
 * mathjs's parser alone, with our nodes: 6 KB compressed, where all of mathjs is 90.
 *
 * It decides precedence. What it reads is written by the `ExpressionReader`: operators, numbers
 * given by the index of their token, and `t` with the index of a token for all else.
 */
export const readOperators: Read = /* @__PURE__ */ (mathjs as unknown as ParserFactory).createParse(
  {
    typed,
    numeric: Number,
    config: { number: "number" },
    AccessorNode: Unused,
    ArrayNode: Unused,
    AssignmentNode: Unused,
    BlockNode: Unused,
    ConditionalNode: Conditional,
    ConstantNode: Numeral,
    FunctionAssignmentNode: Unused,
    FunctionNode: Unused,
    IndexNode: Unused,
    ObjectNode: Unused,
    OperatorNode: Operator,
    ParenthesisNode: Unused,
    RangeNode: Range,
    RelationalNode: Relation,
    SymbolNode: Name,
  },
);
