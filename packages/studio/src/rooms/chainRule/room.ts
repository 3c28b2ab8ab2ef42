import type { Exported, Room } from "../room.ts";
import { type ChainRuleState, initial, readChainRule } from "./chainRuleState.ts";
import { inputValues } from "./inputValues.ts";
import { readText } from "./readText.ts";
import { View } from "./View.tsx";

/** The room where an expression becomes a graph, and the chain rule walks it. */
export const chainRule: Room<ChainRuleState> = { initial, read: readChainRule, View, exported };

function exported({ text, values, wrt }: ChainRuleState): Exported | undefined {
  const read = readText(text);
  if ("problem" in read) return undefined;
  const { reading } = read;
  const { program, inputs } = reading;
  return {
    name: "chain-rule",
    expr: program.result,
    program,
    values: inputValues(reading, values),
    ...(inputs.includes(wrt) ? { wrt } : {}),
  };
}
