import { Group, List, Name, Numeral, Operator, type SyntaxNode } from "./syntax.ts";

/** Whether only numbers, their signs, brackets and commas were written: `-2`, `[1, 2; 3, 4]`. */
export function isLiteral(root: SyntaxNode, parts: ReadonlyMap<number, SyntaxNode>): boolean {
  const rest: SyntaxNode[] = [root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    const part = node instanceof Name ? parts.get(node.first) : node;
    if (part instanceof Numeral) continue;
    if (part instanceof Operator) {
      if (!part.fn.startsWith("unary") || !(part.args[0] instanceof Numeral)) return false;
    } else if (!(part instanceof List) && !(part instanceof Group)) return false;
    for (const arg of part.args) rest.push(arg);
  }
  return true;
}
