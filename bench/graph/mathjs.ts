import { derivative, parse } from "mathjs";

/** The 2-H-H-1 tanh network as text, and the names of its parameters. */
function networkText(hidden: number): { text: string; names: string[] } {
  const names: string[] = [];
  const next = (name: string): string => {
    names.push(name);
    return name;
  };
  const range = Array.from({ length: hidden }, (_, i) => i);
  const first = range.map(
    (i) => `tanh(${next(`a${i}`)}*x + ${next(`b${i}`)}*y + ${next(`c${i}`)})`,
  );
  const second = range.map((i) => {
    const terms = range.map((j) => `${next(`e${i}_${j}`)}*${first[j]}`);
    return `tanh(${next(`d${i}`)} + ${terms.join(" + ")})`;
  });
  const terms = range.map((i) => `${next(`f${i}`)}*${second[i]}`);
  return { text: `${next("o")} + ${terms.join(" + ")}`, names };
}

/** Milliseconds to differentiate the network by every parameter, unsimplified. */
export function mathjsTime(hidden: number): number {
  const { text, names } = networkText(hidden);
  const start = performance.now();
  const tree = parse(text);
  for (const name of names) derivative(tree, name, { simplify: false });
  return performance.now() - start;
}
